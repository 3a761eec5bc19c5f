// Large flows to the end, and cancelled on the way.
import { flow, type Ref, SequentialExecutor, task } from "@millrace/core";
import { expect, test } from "vitest";
import { turns } from "../support/gate.js";

const step = task("step", (x: number) => x + 1);
const sum = task("sum", (xs: number[]) => {
  let total = 0;
  for (const x of xs) total += x;
  return total;
});
const list = task("list", (n: number) => Array.from({ length: n }, (_, i) => i));

const chain = flow("chain", () => {
  let last: Ref<number> = step(0);
  for (let i = 1; i < 100_000; i++) last = step(last);
  return last;
});
const wide = flow("wide", () => sum(step.map(list(1_000_000))));

test("a chain of 100,000 tasks runs to the end in sequence", { timeout: 60_000 }, async () => {
  expect(await chain.run({}, { executor: new SequentialExecutor(), keepResults: "returned" })).toBe(100_000);
});

test("a map of a million and its sum run to the end in sequence [U8]", { timeout: 60_000 }, async () => {
  const executor = new SequentialExecutor();
  expect(await wide.run({}, { executor, keepResults: "returned" })).toBe(500_000_500_000);
});

for (const [name, build, cancelledSlug] of [
  ["a chain of 100,000 tasks", chain, "step-100000"],
  ["a map of a million", wide, "sum-1"],
] as const) {
  test(`${name} is cancelled on the way, every task run of it accounted for`, { timeout: 60_000 }, async () => {
    const run = build.start({}, { executor: new SequentialExecutor() });
    while (run.summary().Success < 1000) await turns(1);
    run.cancel("enough");
    const finished = await run.done;
    expect(finished.state).toBe("Cancelled");
    expect(finished.states.get(cancelledSlug)).toBe("Cancelled");
    const summary = run.summary();
    expect(summary.Pending + summary.Running + summary.Retrying).toBe(0);
    expect(summary.Success).toBeGreaterThanOrEqual(1000);
  });
}

test("300,000 children that are skipped go through three stages", { timeout: 60_000 }, async () => {
  const none = task("none", (x: number) => x);
  const build = flow("skips", () => {
    const first = none.with({ trigger: "allFailed" }).map(list(100_000));
    return step.map(step.map(first));
  });
  const run = await build.start({}, { executor: new SequentialExecutor() }).done;
  expect(run.state).toBe("Failed");
  expect(run.states.get("step-2", 99_999)).toBe("TriggerFailed");
});
