// Owns: the same timers through p-limit, as one side.
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { numberIn, type Prepare } from "../side.js";
import { warmUpTimers } from "../timers.js";

/** Tasks a second. */
export const prepare: Prepare = async (options) => {
  const timers = Array.from({ length: numberIn(options, "count") }, () => numberIn(options, "timerMs"));
  const limit = pLimit(numberIn(options, "concurrency"));
  const waitAll = (all: readonly number[]): Promise<unknown> =>
    Promise.all(
      all.map((ms) =>
        limit(async () => {
          await sleep(ms);
        }),
      ),
    );
  await waitAll(warmUpTimers);
  return async () => {
    const startedAt = performance.now();
    await waitAll(timers);
    return (timers.length * 1000) / (performance.now() - startedAt);
  };
};
