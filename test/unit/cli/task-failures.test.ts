import { flow, task } from "@millrace/core";
import { expect, test } from "vitest";
import { taskFailures } from "../../../packages/millrace/src/cli/task-failures.js";

test("A task that was out of time is told with its error, one that only waited for it is not", async () => {
  const late = task("late", { timeout: 5 }, () => new Promise<number>(() => undefined));
  const after = task("after", async (a: number) => a);
  const bad = task("bad", async (a: number) => {
    if (a > 1) throw new Error("too much");
    return a;
  });
  const finished = await flow("f", () => [after(late()), bad.map([1, 2, 3])]).start().done;
  const { first, count } = taskFailures(finished);
  expect(count).toBe(3);
  expect(first.map(({ slug, index, failure }) => [slug, index, failure.code])).toEqual([
    ["late-1", undefined, "TIMED_OUT"],
    ["bad-1", 1, undefined],
    ["bad-1", 2, undefined],
  ]);
});
