// What a seed of the simulator has at least.
import { simulateSeed } from "@millrace/testing";
import { expect, test } from "vitest";

test("a seed whose client breaks off at once has five things go wrong all the same", { timeout: 60_000 }, async () => {
  const { problems, faults } = await simulateSeed(710_402);
  let wrong = 0;
  for (const [kind, times] of faults) if (kind !== "repeat") wrong += times;
  expect(problems).toEqual([]);
  expect(wrong).toBeGreaterThanOrEqual(5);
});
