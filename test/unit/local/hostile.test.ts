// Tasks in threads that do what user code does on a bad day: U1 to U9, T1 to T4 of the fault catalogue.
import { flow, MillraceTaskError, settled } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, describe, expect, test, vi } from "vitest";
import * as tasks from "./tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2, graceMs: 100 });
afterAll(() => executor.close());
const once = { executor };

/** What became of the task: its failure, as texts. */
async function failureOf(build: () => unknown, slug: string) {
  const run = await flow("f", () => void build()).start({}, once).done;
  const failure = run.states.failure(slug);
  return { state: run.states.get(slug), name: failure?.name, code: failure?.code, message: failure?.message ?? "" };
}

describe("whatever is thrown is a failure with a name and a message [U1]", () => {
  test.each([
    ["text", "ThrownValue", /the string "a text"/],
    ["number", "ThrownValue", /the number 7/],
    ["null", "ThrownValue", /threw null/],
    ["undefined", "ThrownValue", /threw undefined/],
    ["frozen", "Error", /frozen/],
    ["proxy", "Error", /cannot be read|behind/],
    ["getter", "Error", /cannot be read/],
    ["huge", "Error", /^x{10000}$/],
    ["plain", "RangeError", /out of it/],
  ])("%s", async (what, name, message) => {
    const failure = await failureOf(() => tasks.throwing(what), "throwing-1");
    expect(failure).toMatchObject({ state: "Failed", name });
    expect(failure.message).toMatch(message);
  });

  test("run rejects with the error as it was, by name, message and the user's line", async () => {
    const failed = flow("f", () => tasks.throwing("plain")).run({}, once);
    const error: unknown = await failed.catch((thrown: unknown) => thrown);
    const [cause]: unknown[] = Reflect.get(Object(error), "causes");
    expect(cause).toBeInstanceOf(MillraceTaskError);
    expect(cause).toMatchObject({ name: "RangeError", message: "out of it", className: "RangeError" });
    expect(Reflect.get(Object(cause), "stack")).toMatch(/unit\/local\/tasks\.ts:\d+/);
  });
});

describe("what does not end times out, and its thread is killed [TIMEOUT-1] [TIMEOUT-2] [U2] [U3]", () => {
  test.each([
    ["a promise that never settles", "settles-never-1", () => tasks.settlesNever()],
    ["an endless loop", "loops-1", () => tasks.loops()],
    ["a catastrophic expression", "expression-1", () => tasks.expression()],
    ["Atomics.wait", "waits-1", () => tasks.waits()],
    ["one that stops when it is asked", "stops-when-asked-1", () => tasks.stopsWhenAsked()],
  ])("%s", async (_name, slug, build) => {
    expect(await failureOf(build, slug)).toMatchObject({ state: "TimedOut", name: "TaskTimedOut", code: "TIMED_OUT" });
    expect(await flow("g", () => tasks.double(4)).run({}, once)).toBe(8);
  });

  test("each work of a batch has its own time", async () => {
    const alone = new ThreadPoolExecutor({ threads: 1, graceMs: 50 });
    const f = flow("f", () =>
      tasks.mayStop.map(["at once", "at once", "when asked", "never", "at once", "when asked"]),
    );
    // Learned to be tiny, so that the second run has them in one batch.
    await flow("warm", () => tasks.mayStop.map(Array.from({ length: 200 }, () => "at once" as const))).run(
      {},
      { executor: alone },
    );
    const run = await f.start({}, { executor: alone }).done;
    expect(Array.from({ length: 6 }, (_, i) => run.states.get("may-stop-1", i))).toEqual([
      "Success",
      "Success",
      "TimedOut",
      "TimedOut",
      "Success",
      "TimedOut",
    ]);
    await alone.close();
  });

  test("retries try again, neighbours go on [RETRY-3]", async () => {
    const f = flow("f", () => [tasks.slowAtFirst(), tasks.double.map([1, 2, 3]), tasks.pause(50)] as const);
    expect(await f.run({}, once)).toEqual(["in time", [2, 4, 6], 50]);
  });
});

describe("a thread's death and errors that reach nobody are blamed on who caused them [EXEC-8] [POOL-5] [U4] [U5]", () => {
  test("process.exit, whatever its code, fails the task at the third death [RETRY-8]", async () => {
    const failure = await failureOf(() => tasks.exits(0), "exits-1");
    expect(failure).toMatchObject({ state: "Failed", name: "WorkerDied", code: "WORKER_DIED" });
    expect(failure.message).toMatch(/died 3 times: 1\..*process\.exit\(0\); 2\..*; 3\./);
  });

  test("a task that must not run twice fails at the first [RETRY-8]", async () => {
    const failure = await failureOf(() => tasks.exitsOnce(), "exits-once-1");
    expect(failure.message).toBe('the thread that ran "exits-once-1" ended: its code called process.exit(4)');
  });

  test("deaths says at which [RETRY-8]", async () => {
    expect((await failureOf(() => tasks.exitsTwice(), "exits-twice-1")).message).toMatch(/died 2 times/);
  });

  test("process.kill on the own process ends the thread alone", async () => {
    expect((await failureOf(() => tasks.kills(), "kills-1")).message).toMatch(/process\.kill on its own process/);
  });

  test("out of memory names the limit and the task, and the others go on", async () => {
    const small = new ThreadPoolExecutor({ threads: 2, resourceLimits: { maxOldGenerationSizeMb: 40 } });
    const f = flow("f", () => [settled(tasks.outOfMemory()), tasks.double.map([1, 2, 3])] as const);
    const [outcome, doubled] = await f.run({}, { executor: small });
    expect(doubled).toEqual([2, 4, 6]);
    expect(outcome).toMatchObject({
      status: "failed",
      error: { code: "WORKER_OUT_OF_MEMORY", message: expect.stringMatching(/"out-of-memory-1".* 40 MiB/) },
    });
    await small.close();
  });

  test("an exit that an earlier task left behind is blamed on no later one", async () => {
    const alone = new ThreadPoolExecutor({ threads: 1 });
    const f = flow("f", () => tasks.pause.with({ upstream: [tasks.exitsLater(20)], deaths: 1 })(200));
    const run = await f.start({}, { executor: alone }).done;
    expect(run.states.failure("pause-1")).toBeUndefined();
    expect(run.value).toBe(200);
    await alone.close();
  });

  test("neither is an error", async () => {
    const alone = new ThreadPoolExecutor({ threads: 1 });
    const warned = vi.spyOn(process, "emitWarning").mockImplementation(() => undefined);
    const f = flow("f", () => tasks.pause.with({ upstream: [tasks.throwsLater(20)] })(100));
    expect(await f.run({}, { executor: alone })).toBe(100);
    expect(warned.mock.calls).toEqual([
      ['"throws-later-1" left an error behind: Error: late', { code: "MILLRACE_LATE_ERROR" }],
    ]);
    warned.mockRestore();
    await alone.close();
  });

  test("a rejection that nobody handles fails the task that runs", async () => {
    const failure = await failureOf(() => tasks.rejectsMeanwhile(), "rejects-meanwhile-1");
    expect(failure).toMatchObject({ state: "Failed", message: "nobody listens" });
  });

  test("an own handler that swallows errors does not keep a thread alive", async () => {
    expect((await failureOf(() => tasks.swallows(), "swallows-1")).message).toMatch(/process\.exit\(7\)/);
  });

  test("what ran beside it in the same batch runs again, and only once more", async () => {
    const f = flow(
      "f",
      () => [settled(tasks.exits(1)), tasks.double.map(Array.from({ length: 500 }, (_, i) => i))] as const,
    );
    const [outcome, doubled] = await f.run({}, once);
    expect(outcome).toMatchObject({ status: "failed" });
    expect(doubled).toEqual(Array.from({ length: 500 }, (_, i) => 2 * i));
  });
});

test("signals, logs and context work in a task that has a timeout [TIMEOUT-3]", async () => {
  const said: unknown[] = [];
  const logger = { ...console, info: (message: string) => void said.push(message) };
  const run = await flow("f", () => tasks.speaksInTime.map([0, 1])).start({}, { ...once, logger }).done;
  expect([run.states.get("speaks-in-time-t-1", 0), run.states.get("speaks-in-time-t-1", 1)]).toEqual([
    "Success",
    "Skipped",
  ]);
  expect(await run.resultOf("speaks-in-time-t-1", 0)).toEqual(["speaks-in-time", ["t"], 0]);
  expect(said).toEqual(["inside", "inside", "inside"]);
});

describe("what cannot travel is an error with its path, never a silent loss [U6]", () => {
  test.each([
    ["function", "result is a function"],
    ["symbol", "result.deep[0]"],
    ["weak-map", "WeakMap"],
    ["class", "result.list[0]"],
    ["getter", "result.x"],
  ])("%s", async (what, message) => {
    const failure = await failureOf(() => tasks.returns(what), "returns-1");
    expect(failure).toMatchObject({ state: "Failed", code: "NOT_SERIALISABLE" });
    expect(failure.message).toContain(message);
  });

  test("promises are awaited, cycles kept", async () => {
    expect(await flow("f", () => tasks.returns("promises")).run({}, once)).toEqual({ a: 1 });
    const circle: unknown = await flow("f", () => tasks.returns("circular")).run({}, once);
    expect(Reflect.get(Object(circle), "self")).toBe(circle);
  });

  test("what is nested a hundred thousand deep comes back as it was", async () => {
    let depth = 0;
    let at: unknown = await flow("f", () => tasks.returns("deep")).run({}, once);
    for (; Array.isArray(at); at = at[0]) depth++;
    expect([depth, at]).toEqual([100_000, "bottom"]);
  });

  test("an argument too, and the others of its map go on", async () => {
    const failure = await failureOf(() => tasks.echo({ a: [1, () => 2] }), "echo-1");
    expect(failure).toMatchObject({ code: "NOT_SERIALISABLE", message: expect.stringContaining("args[0].a[1]") });
  });
});

describe("what a task does to its inputs and its world stays its own [U9]", () => {
  test("inputs of others are unchanged, and so are the process and its environment", async () => {
    const list = [1, 2];
    const shared = { n: 1 };
    const f = flow("f", () => {
      const [a, b] = [tasks.echo(list), tasks.echo(shared)];
      const changed = tasks.mutate(a as never, b as never);
      return [changed, tasks.look.with({ upstream: [changed] })(a as never, b as never)] as const;
    });
    expect(await f.run({}, once)).toEqual([
      [3, 2],
      [2, 1],
    ]);
    expect(list).toEqual([1, 2]);
    expect({}).not.toHaveProperty("polluted");
    expect(process.env["MILLRACE_TEST_POLLUTED"]).toBeUndefined();
  });

  test("the folder of the process cannot be changed", async () => {
    expect(await failureOf(() => tasks.changesFolder(), "changes-folder-1")).toMatchObject({
      code: "ERR_WORKER_UNSUPPORTED_OPERATION",
    });
  });
});
