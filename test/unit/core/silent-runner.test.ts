// A runner that cannot start, throws or never answers: its run ends with an error that says so, or explains what it waits for, and
// later runs of the executor go on where they can.
import { flow, pick, task } from "@millrace/core";
import { ExecutorOver, LocalRunner, LocalValues } from "@millrace/core/internal";
import { nodeId, type Runner } from "@millrace/core/seam";
import { describe, expect, test } from "vitest";
import { plainRequest as request } from "../../support/run-request.js";
import { changedExecutor } from "../../support/changed-runner.js";
import { Gate, turns } from "../../support/gate.js";
import { ManualClock } from "../../support/manual-clock.js";

const double = task("double", (x: number) => 2 * x);
const one = flow("one", () => double(21));
const list = task("list", () => ({ items: [2, 4] }));
// Its width is asked for.
const next = flow("next", () => double.map(pick(list(), "items")));

describe("a runner that cannot start", () => {
  test.each([
    ["rejects", () => Promise.reject(new Error("no network"))],
    [
      "throws",
      () => {
        throw new Error("no network");
      },
    ],
  ])("and %s fails all runs that waited for it, and is started again by a later one", async (_, fail) => {
    let starts = 0;
    const executor = changedExecutor(2, {
      runner: (own) => ({ start: (host) => (++starts === 1 ? fail() : own.start(host)) }),
    });
    const waited = [one.run({}, { executor }), one.run({}, { executor })];
    for (const run of waited)
      await expect(run).rejects.toMatchObject({
        code: "RUNNER_FAULT",
        message: "the ChangedExecutor could not start: no network",
      });
    await turns();
    expect(await one.run({}, { executor })).toBe(42);
    expect(starts).toBe(2);
    await executor.close();
  });

  test("after it had said how much it takes is given nothing before it is up", async () => {
    const up = new Gate();
    const late = flow("late", () => task("late", () => up.opened.then(() => 42))());
    let starts = 0;
    const given: string[] = [];
    const executor = changedExecutor(2, {
      runner: (own) => ({
        start: async (host) => {
          if (++starts > 1) await up.opened;
          await own.start(host);
          if (starts === 1) throw new Error("not yet");
        },
        dispatch: (batches) => {
          given.push(...batches.map(({ run }) => run.name));
          own.dispatch(batches);
        },
      }),
    });
    await expect(late.run({}, { executor })).rejects.toMatchObject({ code: "RUNNER_FAULT" });
    await turns();
    const run = late.start({}, { executor });
    await turns();
    expect(given).not.toContain(run.name);
    expect(await run.explain("late-1")).toBe("late-1 waits for its executor to start");
    up.open();
    expect((await run.done).value).toBe(42);
    await executor.close();
  });
});

describe("a runner that throws", () => {
  test.each(["dispatch", "ask", "release"] as const)("when it is told %s fails that run alone", async (method) => {
    let throws = true;
    const executor = changedExecutor(2, {
      runner: (own) => {
        const broken = (): void => {
          throw new TypeError("a bug of its own");
        };
        const call: Pick<Runner, "dispatch" | "ask" | "release"> = {
          dispatch: (batches) => own.dispatch(batches),
          ask: (asks) => own.ask(asks),
          release: (run, values) => own.release(run, values),
        };
        const once = (...args: never[]): void => (throws ? broken() : Reflect.apply(call[method], call, args));
        return { [method]: once };
      },
    });
    const run = next.start({}, { executor, keepResults: "returned" });
    const end = await run.done.then(
      (finished) => finished.state,
      (error: unknown) => error,
    );
    expect(end).toMatchObject({ code: "RUNNER_FAULT", message: `the runner's ${method} threw: a bug of its own` });
    throws = false;
    expect(await next.run({}, { executor })).toEqual([4, 8]);
    await executor.close();
  });
});

describe("a runner that never answers", () => {
  function silentExecutor(clock: ManualClock): ExecutorOver {
    const own = new LocalRunner(2, new LocalValues(), clock);
    const runner: Runner = {
      capabilities: own.capabilities,
      start: (host) => own.start(host),
      put: (run, taskRun, value) => own.put(run, taskRun, value),
      dispatch: () => undefined,
      ask: () => undefined,
      cancel: () => undefined,
      release: () => undefined,
      close: () => Promise.resolve(),
    };
    return new ExecutorOver("SilentExecutor", {
      runner,
      clock,
      detach: (run) => own.detach(run),
      ownedBy: () => undefined,
      runsCaller: () => false,
    });
  }

  test("is explained by how long it has been silent", async () => {
    const clock = new ManualClock();
    const executor = silentExecutor(clock);
    const run = one.start({}, { executor });
    await turns();
    expect(await run.explain("double-1")).toMatch(/^double-1 has been sent and has not ended\n/);
    clock.advance(12_345);
    expect(await run.explain("double-1")).toMatch(
      /^double-1 has been sent and has not ended: the runner has not answered for 12 s\n/,
    );
    void executor.close("kill");
    await turns();
    clock.advance(10_000);
    await expect(run.done).rejects.toThrow("SilentExecutor");
  });

  test("holds up no kill: its runs fail when it had time enough to answer", async () => {
    const clock = new ManualClock();
    const executor = silentExecutor(clock);
    const run = one.start({}, { executor });
    await turns();
    const closed = executor.close("kill");
    await turns();
    clock.advance(10_000);
    await closed;
    await expect(run.done).rejects.toMatchObject({
      code: "RUNNER_FAULT",
      message: "the SilentExecutor was killed, and its runner has not answered for what it was given",
    });
  });
});

test("a run that cannot even begin fails, and holds up no close", async () => {
  const clock = new ManualClock();
  let events = 0;
  const executor = new ExecutorOver("BrokenExecutor", {
    runner: new LocalRunner(2, new LocalValues(), clock),
    clock,
    watch: {
      stepsMax: 4_096,
      onEvent: () => {
        if (++events === 1) throw new TypeError("a bug of its own");
      },
    },
    ownedBy: () => undefined,
    runsCaller: () => false,
  });
  const { done } = executor.open(request);
  await expect(done).rejects.toMatchObject({ code: "INTERNAL" });
  await executor.close();
});

test.each([
  ["rejects", () => Promise.reject(new Error("it is stuck"))],
  [
    "throws",
    () => {
      throw new Error("it is stuck");
    },
  ],
])("a runner that %s when it is closed for want of runs harms nothing, and the next run goes on", async (_, close) => {
  const clock = new ManualClock();
  const own = new LocalRunner(2, new LocalValues(), clock);
  let closes = 0;
  const executor = new ExecutorOver("StuckExecutor", {
    runner: {
      capabilities: own.capabilities,
      start: (host) => own.start(host),
      put: (run, taskRun, value) => own.put(run, taskRun, value),
      dispatch: (batches) => own.dispatch(batches),
      ask: (asks) => own.ask(asks),
      cancel: (ids, reason) => own.cancel(ids, reason),
      release: (run, values) => own.release(run, values),
      close: (mode) => (++closes === 1 ? close() : own.close(mode)),
    },
    clock,
    detach: (run) => own.detach(run),
    keepAliveMs: 1_000,
    ownedBy: () => undefined,
    runsCaller: () => false,
  });
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    expect(await one.run({}, { executor })).toBe(42);
    clock.advance(1_000);
    await turns();
    expect([closes, unhandled]).toEqual([1, []]);
    expect(await one.run({}, { executor })).toBe(42);
  } finally {
    process.off("unhandledRejection", note);
  }
  await executor.close();
});

test("a run that broke is given nothing more: no value that was put, and no end of its graph", async () => {
  const given: unknown[] = [];
  const executor = changedExecutor(2, {
    runner: (own) => ({
      put: (run, taskRun, value) => {
        given.push(value);
        return own.put(run, taskRun, value);
      },
    }),
  });
  const driver = executor.drive(request);
  driver.put(nodeId(0), "before");
  driver.abandon();
  await expect(driver.done).rejects.toMatchObject({ code: "RUN_ABANDONED" });
  driver.put(nodeId(1), "after");
  driver.takeNoMore("executor");
  expect(given).toEqual(["before"]);
  await executor.close();
});
