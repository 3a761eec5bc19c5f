// States as a user sees them, and what signals leave of themselves.
import { context, flow, loop, ResultMissing, SequentialExecutor, settled, skip, task } from "@millrace/core";
import { STATE, stateName } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { clockedExecutor } from "../../support/clocked-executor.js";
import { turns } from "../../support/gate.js";
import { ManualClock } from "../../support/manual-clock.js";

const once = { executor: new SequentialExecutor() };

test("states keep their numbers, which stand in columns, and their names [STATE-1]", () => {
  const names = Object.values(STATE).map(stateName);
  expect(names).toEqual([
    "Pending",
    "Running",
    "Retrying",
    "Looped",
    "Success",
    "Mapped",
    "Skipped",
    "Failed",
    "TriggerFailed",
    "Cancelled",
    "TimedOut",
  ]);
  expect(Object.keys(STATE)).toEqual(names);
});

test("Success, Mapped and Skipped are no failure; Failed and TriggerFailed are [STATE-1]", async () => {
  const one = task("one", () => 1);
  const skips = task("skips", (): number => skip());
  const fails = task("fails", (): number => {
    throw new Error("x");
  });
  const after = task("after", (x: number) => x);
  const each = task("each", (x: number) => x);
  const ends = [
    () => void one(),
    () => void skips(),
    () => void each.map([1]),
    () => void fails(),
    () => void after(fails()),
  ];
  const runs = await Promise.all(
    ends.map(
      (end) =>
        flow("f", () => {
          end();
        }).start({}, once).done,
    ),
  );
  expect(runs.map(({ state }) => state)).toEqual(["Success", "Success", "Success", "Failed", "Failed"]);
});

test("no result is another thing than a null one [STATE-2]", async () => {
  const nothing = task("nothing", () => null);
  const skips = task("skips", () => skip("why not"));
  const run = await flow("f", () => {
    nothing();
    skips();
  }).start({}, once).done;
  expect(await run.resultOf("nothing-1")).toBeNull();
  await expect(run.resultOf("skips-1")).rejects.toThrow(ResultMissing);
});

test("a retry is due its delay from now and has the next run count; a loop has the next loop count [STATE-4]", async () => {
  const clock = new ManualClock();
  const seen: (readonly number[])[] = [];
  const flaky = task("flaky", { retries: 1, retryDelay: "1h" }, (): number => {
    const { loopCount, runCount } = context();
    seen.push([loopCount, runCount]);
    if (loopCount === 1) return loop(loopCount);
    if (runCount === 1) throw new Error("first");
    return loopCount;
  });
  const run = flow("f", () => flaky()).start({}, { executor: clockedExecutor(clock) });
  await turns();
  expect(run.summary().Retrying).toBe(1);
  expect(clock.nextInMs).toBe(3_600_000);
  clock.advance(3_600_000);
  expect((await run.done).value).toBe(2);
  expect(seen).toEqual([
    [1, 1],
    [2, 1],
    [2, 2],
  ]);
});

test("a raised skip is told from one that came down, with its reason [SIG-3]", async () => {
  const skips = task("skips", (): number => skip("my reason"));
  const after = task("after", (x: number) => x);
  const build = flow("f", () => {
    const first = skips();
    const tell = task("tell", (a: unknown, b: unknown) => [a, b]);
    return tell(settled(first), settled(after(first)));
  });
  expect(await build.run({}, once)).toEqual([
    { status: "skipped", state: "Skipped", raised: true, reason: "my reason" },
    { status: "skipped", state: "Skipped", raised: false, reason: "an upstream task was skipped" },
  ]);
});
