// What tasks say reaches the process with their names, in order, before their outcome (CTX-1, LOG-1, U10).
import {
  AsyncExecutor,
  context,
  type Executor,
  flow,
  type Logger,
  openPool,
  SequentialExecutor,
  type TaskReport,
} from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, afterEach, describe, expect, test, vi } from "vitest";
import { turns } from "../../support/gate.js";
import * as tasks from "./tasks.js";

const threads = new ThreadPoolExecutor({ threads: 2, graceMs: 50 });
afterAll(() => threads.close());
afterEach(() => {
  vi.restoreAllMocks();
});

type Line = readonly [level: string, message: string, data: Record<string, unknown>];
class Kept implements Logger {
  readonly lines: Line[] = [];
  debug = this.keep("debug");
  info = this.keep("info");
  warn = this.keep("warn");
  error = this.keep("error");

  private keep(level: string) {
    return (message: string, data: object = {}) => void this.lines.push([level, message, { ...data }]);
  }
}

describe.each<[string, () => Executor]>([
  ["SequentialExecutor", () => new SequentialExecutor()],
  ["AsyncExecutor", () => new AsyncExecutor()],
  ["ThreadPoolExecutor", () => threads],
])("on %s", (name, make) => {
  const isThreads = name === "ThreadPoolExecutor";

  test("a record carries flow, run, task, attempt and map index, and plain data [CTX-1] [LOG-1]", async () => {
    const logger = new Kept();
    const run = flow("logged", () => tasks.says.map([5])).start({}, { executor: make(), logger });
    await run.done;
    expect(logger.lines.map(([level, message]) => [level, message])).toEqual([
      ["debug", "first 5"],
      ["info", "second"],
      ["warn", "third"],
      ["error", "fourth"],
    ]);
    for (const [, , data] of logger.lines) {
      expect(data).toMatchObject({ flow: "logged", run: run.id, runName: run.name, task: "says", slug: "says-1" });
      expect(data).toMatchObject({
        mapIndex: 0,
        attempt: 1,
        runCount: 1,
        thread: isThreads ? expect.any(Number) : undefined,
      });
      expect(Math.abs(Number(data["atMs"]) - Date.now())).toBeLessThan(60_000);
    }
    const [second, third] = [logger.lines[1]?.[2]["data"], logger.lines[2]?.[2]["data"]];
    const error = { name: "RangeError", message: "inner", stack: expect.stringContaining("RangeError: inner") };
    expect(second).toEqual({ x: 5, at: "1970-01-01T00:00:00.000Z", big: "2", odd: { odd: true }, error });
    expect(third).toEqual({ list: [1, { deep: [["a", 1]] }], fn: "[function named]", bytes: "[3 bytes]" });
  });

  test("each attempt of a task that is retried says so", async () => {
    const logger = new Kept();
    await flow("retried", () => tasks.fails()).start({}, { executor: make(), logger }).done;
    expect(logger.lines.map(([, , { attempt, runCount, mapIndex }]) => [attempt, runCount, mapIndex])).toEqual([
      [1, 1, undefined],
      [2, 2, undefined],
    ]);
  });

  test("what cannot be read is no reason to fail, and nothing is longer than it may be", async () => {
    const logger = new Kept();
    expect(await flow("odd", () => tasks.cyclic()).run({}, { executor: make(), logger })).toBe("fine");
    const [first, second, third] = logger.lines;
    expect(first?.[2]["data"]).toEqual({ name: "cycle", self: "[circular]", getter: "[unreadable: do not look]" });
    expect([second?.[1].length ?? 0, third?.[1]]).toEqual([16_384 + "... (83616 more characters)".length, "{}"]);
    expect(third?.[2]["data"]).toEqual({ data: "text" });
  });

  test("what throws when it is read, and errors of that which throw too, are no reason to fail", async () => {
    const logger = new Kept();
    const count = await flow("hostile", () => tasks.logsHostile()).run({}, { executor: make(), logger });
    expect(logger.lines).toHaveLength(count);
    expect(JSON.stringify(logger.lines).match(/\[unreadable: /g)?.length).toBeGreaterThanOrEqual(count - 1);
  });

  test("a record is small as a whole, however much each of its lists has", async () => {
    const logger = new Kept();
    expect(await flow("wide", () => tasks.logsWide()).run({}, { executor: make(), logger })).toBe("through");
    const [lists, keys, set] = logger.lines.map(([, , { data }]) => JSON.stringify(data));
    expect(lists?.length).toBeLessThan(100_000);
    expect(lists).toMatch(/x{100}".*\[\d+ more\]/);
    expect([keys?.length, keys]).toEqual([expect.any(Number), expect.stringMatching(/k{256}\.\.\. \(\d+ more/)]);
    expect(set).toContain('99,"[900 more]"]');
  });

  test("progress that is none fails with INVALID_PROGRESS", async () => {
    const executor = make();
    await using pool = await openPool(executor);
    for (const [done, total] of [
      [Number.NaN, 1],
      [-1, 2],
      [1, Number.POSITIVE_INFINITY],
    ] as const)
      await expect(pool.submit(tasks.badProgress, done, total)).rejects.toMatchObject({ code: "INVALID_PROGRESS" });
  });

  test("a logger or hook that throws disturbs no task, and is told once", async () => {
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const throws = (): never => {
      throw new Error("the disk is full");
    };
    const logger = { debug: throws, info: throws, warn: throws, error: throws };
    const run = flow("logged", () => tasks.says.map([1, 2])).run({}, { executor: make(), logger, onReport: throws });
    expect(await run).toEqual([1, 2]);
    expect(warned).toHaveBeenCalledTimes(1);
    expect(warned.mock.calls[0]?.[0]).toContain("the disk is full");
  });

  test("without a logger records are lines on stderr, debug ones left out", async () => {
    const lines: string[] = [];
    vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
    await flow("plain", () => tasks.says.map([5])).run({}, { executor: make() });
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.\d{3} info {2}says-1\[0\]: second \{"x":5,/);
    expect(lines[2]).toMatch(/ error says-1\[0\]: fourth\n$/);
  });
});

describe("in threads", () => {
  test("records and output come in order, with their task, and before its outcome [LOG-1]", async () => {
    const out: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => out.push(String(text)) > 0);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => out.push(String(text)) > 0);
    const reports: TaskReport[] = [];
    const logger = new Kept();
    await using pool = await openPool(threads, { logger, onReport: (report) => void reports.push(report) });
    expect(await pool.gather(pool.map(tasks.prints, [1, 2, 3]))).toEqual([1, 2, 3]);
    for (const x of [1, 2, 3]) {
      const own = reports.filter(({ mapIndex }) => mapIndex === x - 1);
      expect(
        own.map((report) => (report.kind === "log" ? report.message : report.kind === "output" ? report.text : "?")),
      ).toEqual([`line ${x}\n`, `record ${x}`, `half ${x}`, `, error ${x}\n`]);
      expect(new Set(own.map(({ task, attempt }) => `${task} ${attempt}`))).toEqual(new Set(["prints 1"]));
    }
    // Other threads print in between.
    expect(out.filter((text) => text.includes("2"))).toEqual(["line 2\n", "half 2", ", error 2\n"]);
    expect(logger.lines).toHaveLength(3);
  });

  test("what a run inside a task prints is the task's", async () => {
    vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    vi.spyOn(process.stderr, "write").mockImplementation(() => true);
    const reports: TaskReport[] = [];
    const run = flow("outer", () => tasks.runsAFlow()).run(
      {},
      { executor: threads, onReport: (report) => void reports.push(report) },
    );
    expect(await run).toBe(7);
    expect(reports.map(({ slug, kind }) => `${slug} ${kind}`)).toEqual(Array(4).fill("runs-a-flow-1 output"));
  });

  test("a thread that dies or is killed has said what it said [U3]", async () => {
    vi.spyOn(process.stdout, "write").mockImplementation(() => true);
    const reports: TaskReport[] = [];
    await using pool = await openPool(threads, { logger: new Kept(), onReport: (report) => void reports.push(report) });
    await expect(pool.submit(tasks.speaksThenDies)).rejects.toMatchObject({ message: /process.exit\(3\)/ });
    await expect(pool.submit(tasks.speaksThenSpins)).rejects.toMatchObject({ message: /timeout of 100 ms/ });
    const said = reports.map((report) =>
      report.kind === "log" ? report.message : report.kind === "output" ? report.text : "?",
    );
    expect(said).toEqual(["last words", "and these\n", "before the loop"]);
  });

  test("what is said when the run is over is not lost", async () => {
    const lines: string[] = [];
    vi.spyOn(process.stdout, "write").mockImplementation((text) => lines.push(`out ${String(text)}`) > 0);
    vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(`err ${String(text).slice(13)}`) > 0);
    const gate = new SharedArrayBuffer(4);
    expect(await flow("brief", () => tasks.speaksLater(gate)).run({}, { executor: threads })).toBe(1);
    Atomics.store(new Int32Array(gate), 0, 1);
    while (lines.length < 2) await turns();
    expect(lines).toEqual(["out printed late\n", "err info  speaks-later-1: logged late\n"]);
  });

  test("an error that a timer of a task throws fails it, also where it ends well right after [U5]", async () => {
    await using pool = await openPool(threads);
    await expect(pool.submit(tasks.failsMeanwhile)).rejects.toMatchObject({ message: "in a timer" });
    expect(await pool.submit(tasks.silent, 3)).toBe(3);
  });

  test("progress of tasks that run can be asked for, and is gone when they have ended", async () => {
    const gate = new SharedArrayBuffer(4);
    const seen: TaskReport[] = [];
    const run = flow("long", () => [tasks.progresses.map([gate]), tasks.silent(1)] as const).start(
      {},
      { executor: threads, onReport: (report) => void seen.push(report) },
    );
    while (seen.length < 2) await turns();
    expect(run.progress()).toEqual([
      { slug: "progresses-1", mapIndex: 0, thread: expect.any(Number), done: 4, total: 10 },
    ]);
    Atomics.store(new Int32Array(gate), 0, 1);
    Atomics.notify(new Int32Array(gate), 0);
    await run.done;
    expect(run.progress()).toEqual([]);
  });

  test("a flood is bounded: what nobody takes is left out and counted, and all else goes on [U10]", async () => {
    let characters = 0;
    vi.spyOn(process.stdout, "write").mockImplementation((text) => (characters += String(text).length) > 0);
    const dropped: number[] = [];
    const done = new SharedArrayBuffer(4);
    const onReport = (report: TaskReport): void => {
      // The process takes nothing until all is printed.
      Atomics.wait(new Int32Array(done), 0, 0);
      if (report.kind === "dropped") dropped.push(report.count);
    };
    const logger = new Kept();
    await using pool = await openPool(threads, { logger, onReport });
    const lines = 40_000;
    expect(await pool.submit(tasks.floods, lines, 1000, done)).toBe(lines);
    const left = dropped.reduce((a, b) => a + b, 0);
    expect(characters / 1000 + left).toBe(lines);
    expect(left).toBeGreaterThan(lines / 2);
    expect(logger.lines.at(-1)?.[1]).toMatch(/were left out: there were too many/);
    expect(await pool.submit(tasks.silent, 3)).toBe(3);
  });
});

test("outside a task records are lines on stderr too, and progress is nobody's", () => {
  const lines: string[] = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => lines.push(String(text)) > 0);
  const { logger } = context();
  logger.debug("left out");
  logger.warn("on its own", { a: 1 });
  context().progress(1, 2);
  expect(lines.join("")).toMatch(/^\d\d:\d\d:\d\d\.\d{3} warn {2}on its own \{"a":1\}\n$/);
});

test("options that are no logger, no function or not known are refused", async () => {
  const f = flow("f", () => tasks.silent(1));
  expect(() => f.start({}, { logger: { info: () => undefined } as never })).toThrow(/the option logger/);
  expect(() => f.start({}, { onReport: 3 as never })).toThrow(/the option onReport/);
  await expect(openPool(undefined, { logger: null as never })).rejects.toMatchObject({ code: "INVALID_OPTION" });
  await expect(openPool(undefined, { log: 1 } as never)).rejects.toMatchObject({ code: "INVALID_OPTION" });
});
