// What comes first when a task could run: skips, then the trigger, then values; and what a task is given.
import { flow, SequentialExecutor, settled, settledEach, skip, type Settled, task } from "@millrace/core";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";

const once = { executor: new SequentialExecutor() };
const fails = task("fails", (): number => {
  throw new RangeError("broken");
});
const skips = task("skips", (): number => skip("not today"));
const one = task("one", () => 1);
const none = task("none", () => "ran");

/** A task that tells what it was given. */
function recorder() {
  const given: unknown[] = [];
  const take = task("take", (...args: readonly unknown[]): number => given.push(...args));
  return { take, given };
}

test("a skipped upstream skips before the trigger is looked at [PIPE-5] [PIPE-1]", async () => {
  const run = await flow("f", () => {
    none.with({ slug: "default", upstream: [skips(), fails()] })();
    none.with({ slug: "all-failed", trigger: "allFailed", upstream: [skips()] })();
    none.with({ slug: "unless-told", skipOnUpstreamSkip: false, upstream: [skips()] })();
  }).start({}, once).done;
  expect(run.states.get("default")).toBe("Skipped");
  expect(run.states.get("all-failed")).toBe("Skipped");
  expect(run.states.get("unless-told")).toBe("Success");
});

test("one skipped child of a whole map skips, but not over the edge of a map [PIPE-5]", async () => {
  const odd = task("odd", (x: number) => (x % 2 === 0 ? skip() : x));
  const add = task("add", (x: number) => x + 1);
  const list = task("list", (xs: readonly number[]) => xs.length);
  const run = await flow("f", () => {
    const odds = odd.map([1, 2, 3]);
    list.with({ slug: "whole" })(odds);
    add.with({ slug: "mapped" }).map(odds);
  }).start({}, once).done;
  expect(run.states.get("whole")).toBe("Skipped");
  expect([0, 1, 2].map((i) => run.states.get("mapped", i))).toEqual(["Success", "Skipped", "Success"]);
});

test("a trigger that does not hold comes before a value that is not there [PIPE-1]", async () => {
  const { take, given } = recorder();
  const run = await flow("f", () => {
    take.with({ slug: "trigger-first", trigger: "allSuccessful" })(fails());
    take.with({ slug: "value-missing", trigger: "allFinished", retries: 3 })(fails());
  }).start({}, once).done;
  expect(run.states.get("trigger-first")).toBe("TriggerFailed");
  expect(run.states.get("value-missing")).toBe("Failed");
  await expect(run.resultOf("value-missing")).rejects.toThrow(/"fails-2" gave no value.*settled/);
  expect(given).toEqual([]);
});

test("a task that may run after a failure or skip is given what became of its upstreams [PIPE-4]", async () => {
  const { take, given } = recorder();
  const told = { trigger: "allFinished", skipOnUpstreamSkip: false } as const;
  await flow("f", () => take.with(told)(settled(one()), settled(fails()), settled(skips()))).run({}, once);
  expect(given).toEqual([
    { status: "success", state: "Success", value: 1 },
    { status: "failed", state: "Failed", error: new RangeError("broken") },
    { status: "skipped", state: "Skipped", raised: true, reason: "not today" },
  ]);
});

test("without a trigger of its own it runs in any case, and never for a plain edge [PIPE-4]", async () => {
  const { take, given } = recorder();
  const run = await flow("f", () => {
    take.with({ slug: "settled" })(settled(fails()), settled(skips()));
    take.with({ slug: "plain" })(settled(fails()), fails());
  }).start({}, once).done;
  expect(run.states.get("settled")).toBe("Success");
  expect(run.states.get("plain")).toBe("TriggerFailed");
  expect(given.length).toBe(2);
});

test("over a list that failed as a whole every child is given that [PIPE-4]", async () => {
  const noList = task("no-list", (): readonly number[] => {
    throw new RangeError("no list");
  });
  const tell = task("tell", (x: Settled<number>, y: number) => `${x.status} ${y}`);
  const result = await flow("f", () => tell.map(settledEach(noList()), [1, 2])).run({}, once);
  expect(result).toEqual(["failed 1", "failed 2"]);
});

test("a task whose upstream has not finished stays Pending, and the flow runs [PIPE-6]", async () => {
  const gate = new Gate();
  const slow = task("slow", () => gate.opened);
  const { take, given } = recorder();
  const run = flow("f", () => take(one(), slow())).start();
  await turns();
  expect(run.summary()).toMatchObject({ Success: 1, Running: 1, Pending: 1 });
  expect(given).toEqual([]);
  gate.open();
  expect((await run.done).state).toBe("Success");
  expect(given).toEqual([1, undefined]);
});

test("triggers count each distinct upstream task once, and constants never [TRIG-6]", async () => {
  const { take } = recorder();
  const half = { someFailed: { atLeast: 0.5, atMost: 0.5 } } as const;
  const run = await flow("f", () => {
    const [good, bad] = [settled(one()), settled(fails())];
    take.with({ slug: "twice", trigger: half })(bad, good, good, good);
    take.with({ slug: "constants", trigger: half })(bad, good, 1, [2, 3]);
    take.with({ slug: "third", trigger: half })(bad, good, settled(one()));
    take.with({ slug: "nothing", trigger: "notAllSkipped" })(1);
  }).start({}, once).done;
  expect(["twice", "constants", "third", "nothing"].map((slug) => run.states.get(slug))).toEqual([
    "Success",
    "Success",
    "TriggerFailed",
    "Skipped",
  ]);
});
