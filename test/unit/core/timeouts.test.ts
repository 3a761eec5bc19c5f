// Timeouts in the user's process, where a task can be asked to stop and no more.
import { AsyncExecutor, context, flow, loop, SequentialExecutor, settled, skip, task } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { clockedExecutor } from "../../support/clocked-executor.js";
import { turns } from "../../support/gate.js";
import { ManualClock } from "../../support/manual-clock.js";

describe.each([
  ["in sequence", () => new SequentialExecutor()],
  ["async", () => new AsyncExecutor()],
] as const)("%s", (_name, make) => {
  test("a task that stops when it is asked has timed out, whatever it returns [TIMEOUT-1] [TIMEOUT-4]", async () => {
    const listens = task(
      "listens",
      { timeout: 20 },
      () =>
        new Promise((resolve) => {
          context().signal.addEventListener("abort", () => resolve("stopped"));
        }),
    );
    const run = await flow("f", () => listens()).start({}, { executor: make() }).done;
    expect(run.states.get("listens-1")).toBe("TimedOut");
    expect(run.states.failure("listens-1")).toEqual({
      name: "TaskTimedOut",
      code: "TIMED_OUT",
      message: "it took longer than its timeout of 20 ms",
    });
  });

  test("signals, logs and context work in a task that has a timeout [TIMEOUT-3]", async () => {
    const said: unknown[] = [];
    const speaks = task("speaks", { timeout: "1m", tags: ["t"] }, async (x: number) => {
      await turns();
      const { logger, taskName, tags, mapIndex } = context();
      logger.info("inside");
      if (x === 1) return skip("one");
      return context().loopCount === 1 ? loop(x) : [taskName, tags, mapIndex];
    });
    const logger = { ...console, info: (message: string) => void said.push(message) };
    const run = await flow("f", () => speaks.map([0, 1])).start({}, { executor: make(), logger }).done;
    expect([run.states.get("speaks-t-1", 0), run.states.get("speaks-t-1", 1)]).toEqual(["Success", "Skipped"]);
    expect(await run.resultOf("speaks-t-1", 0)).toEqual(["speaks", ["t"], 0]);
    expect(said).toEqual(["inside", "inside", "inside"]);
  });

  test("one that blocks the thread has timed out when it ends, and is tried again [TIMEOUT-1] [U3]", async () => {
    const blocks = task("blocks", { timeout: 10, retries: 1 }, () => {
      const end = performance.now() + (context().runCount === 1 ? 30 : 0);
      while (performance.now() < end);
      return context().runCount;
    });
    expect(await flow("f", () => blocks()).run({}, { executor: make() })).toBe(2);
  });

  test("what ends in time is not touched, and no timer is left", async () => {
    const quick = task("quick", { timeout: "1h" }, async () => "quick");
    const seen = task("seen", (outcome: unknown) => outcome);
    expect(await flow("f", () => seen(settled(quick()))).run({}, { executor: make() })).toMatchObject({
      value: "quick",
    });
  });
});

test("one that does not stop is left behind, and its failure says that it goes on [TIMEOUT-2] [U2]", async () => {
  const clock = new ManualClock();
  const never = task("never", { timeout: "1m" }, () => new Promise(() => undefined));
  const run = flow("f", () => never()).start({}, { executor: clockedExecutor(clock) });
  await turns();
  clock.advance(60_000);
  await turns();
  expect(run.summary().Running).toBe(1);
  clock.advance(1_000);
  const ended = await run.done;
  expect(ended.states.get("never-1")).toBe("TimedOut");
  expect(ended.states.failure("never-1")?.message).toMatch(/timeout of 60000 ms; it did not stop when it was asked/);
});

test("one that was asked to stop has timed out, though its clock says that its time is just over [TIMEOUT-4]", async () => {
  const clock = new ManualClock();
  const listens = task("listens", { timeout: 20 }, async () => {
    const { signal } = context();
    await new Promise((resolve) => signal.addEventListener("abort", resolve, { once: true }));
    return "stopped";
  });
  const run = flow("f", () => listens()).start({}, { executor: clockedExecutor(clock) });
  await turns();
  clock.advance(20);
  const ended = await run.done;
  expect(ended.states.get("listens-1")).toBe("TimedOut");
});

describe("bad options", () => {
  const fn = (): number => 1;
  test.each([
    ["a timeout of nothing", () => task("t", { timeout: 0 }, fn), "INVALID_OPTION"],
    ["a negative one", () => task("t", { timeout: -1 }, fn), "INVALID_DURATION"],
    ["one that is no number", () => task("t", { timeout: Number.NaN }, fn), "INVALID_DURATION"],
    ["no deaths", () => task("t", { deaths: 0 }, fn), "INVALID_OPTION"],
    ["deaths of what never runs again", () => task("t", { rerun: "never", deaths: 2 }, fn), "INVALID_OPTION"],
  ])("%s", (_name, make, code) => {
    expect(make).toThrow(expect.objectContaining({ code }));
  });
});
