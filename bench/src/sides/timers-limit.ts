// Owns: the same timers through p-limit, as one side.
import { setTimeout as sleep } from "node:timers/promises";
import pLimit from "p-limit";
import { numberIn, type Prepare } from "../side.js";

/** Tasks a second. */
export const prepare: Prepare = async (options) => {
  const timers = Array.from({ length: numberIn(options, "count") }, () => numberIn(options, "timerMs"));
  const limit = pLimit(numberIn(options, "concurrency"));
  return async () => {
    const startedAt = performance.now();
    await Promise.all(
      timers.map((ms) =>
        limit(async () => {
          await sleep(ms);
        }),
      ),
    );
    return (timers.length * 1000) / (performance.now() - startedAt);
  };
};
