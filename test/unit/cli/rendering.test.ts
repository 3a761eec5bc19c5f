import { json } from "@dagrejs/graphlib";
import { fail, flow, type FlowRun, param, SequentialExecutor, skip, task } from "@millrace/core";
import { describe, expect, it } from "vitest";
import { columns } from "../../../packages/millrace/src/cli/columns.js";
import { dotText } from "../../../packages/millrace/src/cli/dot-text.js";
import { durationText } from "../../../packages/millrace/src/cli/duration-text.js";
import { graphDocument } from "../../../packages/millrace/src/cli/graph-command.js";
import { jsonProblem } from "../../../packages/millrace/src/cli/json-problem.js";
import { progressText } from "../../../packages/millrace/src/cli/progress-line.js";
import { taskFailures } from "../../../packages/millrace/src/cli/task-failures.js";
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
    expect(taskTable("mixed", run, 1_500).map((line) => line.replace(/ *(?:< )?\d+ ms$/, " (time)"))).toEqual([
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
    const lines = taskTable("many", await finish(many.start({}, { executor })), 1);
    expect(lines.slice(50)).toEqual([
      expect.stringMatching(/^later-50 /),
      "... 10 more tasks (--json has all)",
      "",
      "many: Success in 1 ms",
    ]);
  });
});

describe("the value of a run", () => {
  const valueOf = async (value: unknown): Promise<readonly string[]> => {
    const give = task("give", () => value);
    return valueText(await finish(flow("f", () => give()).start({}, { executor })));
  };

  it("is text as it is, and anything else as Node shows it", async () => {
    expect(await valueOf("two\nlines")).toEqual(["", "two", "lines"]);
    expect(await valueOf({ a: new Map([[1, 2n]]) })).toEqual(["", "{ a: Map(1) { 1 => 2n } }"]);
  });

  it("is left out where there is none, and cut where it is endless", async () => {
    expect(await valueOf(undefined)).toEqual([]);
    expect((await valueOf("x\n".repeat(100))).slice(-1)).toEqual(["... 61 more lines (--json has the whole value)"]);
  });

  it("says why there is none where a skipped task was to give it", async () => {
    const skipped = task("skipped", () => skip("not today"));
    const run = await finish(flow("f", () => skipped()).start({}, { executor }));
    expect(valueText(run)).toEqual(["", expect.stringMatching(/^no value: ResultMissing: /)]);
  });
});

describe("the failures of a run", () => {
  it("are the tasks that failed by themselves, with the errors they threw", async () => {
    const thrown = new TypeError("thrown");
    const throws = task("throws", () => {
      throw thrown;
    });
    const failing = flow("f", { params: { ns: param([1, 2, 6]) } }, (p) => [odd.map(p.ns), later(throws())]);
    const failures = await taskFailures(await finish(failing.start({}, { executor })));
    expect(failures).toEqual([
      { slug: "odd-1", index: 1, error: expect.objectContaining({ message: "2 is even" }) },
      { slug: "odd-1", index: 2, error: expect.objectContaining({ message: "6 is even" }) },
      { slug: "throws-1", index: undefined, error: thrown },
    ]);
    expect(failures[2]?.error).toBe(thrown);
  });

  it("are at most twenty", async () => {
    const wide = flow("f", { params: { ns: param(Array<number>(50).fill(2)) } }, (p) => odd.map(p.ns));
    expect(await taskFailures(await finish(wide.start({}, { executor })))).toHaveLength(20);
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
