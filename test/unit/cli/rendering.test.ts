import { inspect } from "node:util";
import { json } from "@dagrejs/graphlib";
import { fail, type FinishedRun, flow, type FlowRun, param, SequentialExecutor, skip, task } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { columns } from "../../../packages/millrace/src/cli/columns.js";
import { dotText } from "../../../packages/millrace/src/cli/dot-text.js";
import { failureLines } from "../../../packages/millrace/src/cli/failure-lines.js";
import { runText } from "../../../packages/millrace/src/cli/run-document.js";
import { durationText } from "../../../packages/millrace/src/cli/duration-text.js";
import { graphDocument } from "../../../packages/millrace/src/cli/graph-command.js";
import { jsonProblem } from "../../../packages/millrace/src/cli/json-problem.js";
import { progressText } from "../../../packages/millrace/src/cli/progress-line.js";
import { RunReport } from "../../../packages/millrace/src/cli/run-report.js";
import { taskTable } from "../../../packages/millrace/src/cli/task-table.js";
import { valueText } from "../../../packages/millrace/src/cli/value-text.js";

const odd = task("odd", (n: number) => (n === 4 ? skip("four") : n % 2 === 0 ? fail(`${n} is even`) : n));
const sum = task("sum", { trigger: "allFinished", skipOnUpstreamSkip: false }, (n: number) => n);
const later = task("later", { skipOnUpstreamSkip: false }, (n: number) => n);

const mixed = flow("mixed", { params: { ns: param([1, 2, 3, 4, 5]) } }, (p) => {
  const odds = odd.map(p.ns);
  return [sum.with({ upstream: [odds] })(0), later.with({ upstream: [odds] })(1)];
});

const executor = new SequentialExecutor();
const finish = (run: FlowRun<unknown>): FlowRun<unknown>["done"] => run.done;

describe("the table of a run", () => {
  it("counts the children of a map by state, and gives no time where nothing ran", async () => {
    const run = await finish(mixed.start({}, { executor }));
    expect(
      taskTable(new RunReport("mixed", run), 1_500).map((line) => line.replace(/ *(?:< )?\d+ ms$/, " (time)")),
    ).toEqual([
      "task     state                           time in it",
      "odd-1    3 Success, 1 Failed, 1 Skipped (time)",
      "sum-1    Success (time)",
      "later-1  TriggerFailed",
      "",
      "mixed: Failed in 1.5 s",
    ]);
  });

  it("stops after fifty tasks", async () => {
    const many = flow("many", () => Array.from({ length: 60 }, (_, i) => later(i)));
    const lines = taskTable(new RunReport("many", await finish(many.start({}, { executor }))), 1);
    expect(lines.slice(50)).toEqual([
      expect.stringMatching(/^later-50 /),
      "... 10 more tasks (--json has all)",
      "",
      "many: Success in 1 ms",
    ]);
  });
});

describe("the value of a run", () => {
  it("is text as it is, and anything else as Node shows it", () => {
    expect(valueText("two\nlines")).toEqual(["", "two", "lines"]);
    expect(valueText({ a: new Map([[1, 2n]]) })).toEqual(["", "{ a: Map(1) { 1 => 2n } }"]);
  });

  it("is left out where there is none, and cut where it is endless", () => {
    expect(valueText(undefined)).toEqual([]);
    expect(valueText("x\n".repeat(100)).slice(-1)).toEqual(["... 61 more lines (--json has the whole value)"]);
  });

  it("that cannot be shown says why", () => {
    const value = {
      [inspect.custom]: () => {
        throw new Error("hidden");
      },
    };
    expect(valueText(value)).toEqual(["", "(the value cannot be shown: Error: hidden)"]);
  });
});

describe("the failures of a run", () => {
  it("are the tasks that failed by themselves, with the errors they threw", async () => {
    const thrown = new TypeError("thrown");
    const throws = task("throws", () => {
      throw thrown;
    });
    const failing = flow("f", { params: { ns: param([1, 2, 6]) } }, (p) => [odd.map(p.ns), later(throws())]);
    const { failures } = new RunReport("f", await finish(failing.start({}, { executor })));
    expect(failures.count).toBe(3);
    expect(failures.first).toEqual([
      { slug: "odd-1", index: 1, failure: expect.objectContaining({ message: "2 is even" }) },
      { slug: "odd-1", index: 2, failure: expect.objectContaining({ message: "6 is even" }) },
      { slug: "throws-1", index: undefined, failure: expect.objectContaining({ name: "TypeError" }) },
    ]);
    expect(failures.first[2]?.failure.error).toBe(thrown);
  });

  it("are not looked for among children of which none failed, and nothing is counted twice", async () => {
    const run = await finish(flow("f", () => odd.map([1, 3, 5])).start({}, { executor }));
    const asked = { get: 0, rows: 0 };
    const { states } = run;
    const counting: FinishedRun<unknown>["states"] = {
      get: (slug, index) => (asked.get++, states.get(slug, index)),
      rows: () => (asked.rows++, states.rows()),
      table: () => states.table(),
      size: states.size,
      width: (slug) => states.width(slug),
      slugs: () => states.slugs(),
      failure: (slug, index) => states.failure(slug, index),
      durationMs: (slug, index) => states.durationMs(slug, index),
    };
    const { id, name, state } = run;
    const report = new RunReport("f", {
      id,
      name,
      state,
      states: counting,
      value: 1,
      resultOf: () => run.resultOf(""),
      release: () => run.release(),
    });
    taskTable(report, 1);
    failureLines(report);
    expect(asked).toEqual({ get: 0, rows: 2 }); // one for the table, one for the failures
    runText(report);
    expect(asked).toEqual({ get: 1, rows: 3 }); // of the task
  });

  it("are at most twenty", async () => {
    const wide = flow("f", { params: { ns: param(Array<number>(50).fill(2)) } }, (p) => odd.map(p.ns));
    expect(new RunReport("f", await finish(wide.start({}, { executor }))).failures.first).toHaveLength(20);
  });
});

describe("a flow's graph", () => {
  const drawn = flow('the "drawn"', { params: { ns: param([1]) } }, (p) => {
    const odds = odd.map(p.ns);
    return sum.with({ upstream: [odds] })(later(1));
  });

  it("as JSON is what graphlib itself writes", async () => {
    const graph = await drawn.graph();
    expect(graphDocument(graph)).toEqual(json.write(graph));
    expect(json.read(JSON.parse(JSON.stringify(graphDocument(graph)))).nodes()).toEqual(graph.nodes());
  });

  it("as dot has boxes for tasks, double ones for maps, and dashes where no value passes", async () => {
    expect(dotText(await drawn.graph()).split("\n")).toEqual([
      String.raw`digraph "the \"drawn\"" {`,
      "  rankdir=LR;",
      '  "ns" [label="ns", shape="ellipse"];',
      '  "odd-1" [label="odd-1", shape="box", peripheries="2"];',
      '  "later-1" [label="later-1", shape="box"];',
      '  "sum-1" [label="sum-1", shape="box"];',
      '  "ns" -> "odd-1" [label="0 each"];',
      '  "later-1" -> "sum-1" [label="0"];',
      '  "odd-1" -> "sum-1" [style="dashed"];',
      "}",
      "",
    ]);
  });
});

describe("what JSON cannot say", () => {
  it.each([
    [null],
    ["text"],
    [[1, { a: true, b: [] }]],
    [new Date(0)],
    [{ a: undefined }],
    [Object.assign(Object.create(null), { a: 1 })],
  ])("is not %j", (value) => {
    expect(jsonProblem(value)).toBeUndefined();
  });

  it.each([
    [Number.NaN, "value is NaN"],
    [{ a: [1, Number.POSITIVE_INFINITY] }, "value.a[1] is Infinity"],
    [{ a: 1n }, "value.a is a bigint"],
    [{ a: new Map() }, "value.a is a Map"],
    [undefined, "value is undefined"],
    [[undefined], "value[0] is undefined"],
    [() => 1, "value is a function"],
  ])("is %o", (value, problem) => {
    expect(jsonProblem(value)).toBe(problem);
  });

  it.each([
    [
      "a toJSON that throws",
      {
        toJSON: () => {
          throw new Error("no words");
        },
      },
      "the value cannot be read: Error: no words",
    ],
    ["a toJSON that gives nothing", [{ toJSON: () => undefined }], "value[0] has a toJSON that gives nothing"],
    [
      "a getter that throws",
      {
        get a(): never {
          throw new Error("trap");
        },
      },
      "the value cannot be read: Error: trap",
    ],
  ])("is %s", (_what, value, problem) => {
    expect(jsonProblem(value)).toBe(problem);
  });

  it("is a value that holds itself, but not one that stands in two places", () => {
    const inner = {};
    const around: Record<string, unknown> = { inner };
    around["again"] = { around };
    expect(jsonProblem(around)).toBe("value.again.around holds itself");
    expect(jsonProblem([inner, inner])).toBeUndefined();
  });
});

describe("words", () => {
  it("progress names only what there is", () => {
    const none = {
      Pending: 0,
      Running: 0,
      Retrying: 0,
      Looped: 0,
      Success: 0,
      Mapped: 0,
      Skipped: 0,
      Failed: 0,
      TriggerFailed: 0,
      TimedOut: 0,
      Cancelled: 0,
    };
    expect(progressText("f", { ...none, Success: 3, Running: 2, Pending: 1 }, 1_234)).toBe(
      "f: 3 done, 2 running, 1 waiting, 1.2 s",
    );
    expect(progressText("f", { ...none, Retrying: 1, Failed: 1, TriggerFailed: 2, Skipped: 1, Cancelled: 1 }, 5)).toBe(
      "f: 1 to retry, 1 skipped, 3 failed, 1 cancelled, 5 ms",
    );
  });

  it.each([
    [0.4, "< 1 ms"],
    [12.6, "13 ms"],
    [1_250, "1.3 s"],
    [61_000, "1 min 1 s"],
  ])("%d ms is %s", (durationMs, text) => {
    expect(durationText(durationMs)).toBe(text);
  });

  it("columns are as wide as their widest cell", () => {
    expect(
      columns([
        ["a", "bbb", ""],
        ["aaa", "b", "c"],
      ]),
    ).toEqual(["a    bbb", "aaa  b    c"]);
  });
});
