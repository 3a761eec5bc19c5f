// Owns: tasks that wait for a timer, as one map or as nodes of their own, as one side.
import { setTimeout as sleep } from "node:timers/promises";
import { AsyncExecutor, type Flow, flow, task } from "@millrace/core";
import { numberIn, type Prepare } from "../side.js";
import { warmUpTimers } from "../timers.js";

const wait = task("wait", async (ms: number) => {
  await sleep(ms);
});

function waiting(shape: unknown, timers: readonly number[]): Flow<{}, void> {
  return flow("timers", () => {
    if (shape === "map") wait.map(timers);
    else for (const ms of timers) wait(ms);
  });
}

/** Tasks a second. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  const executor = new AsyncExecutor({ concurrency: numberIn(options, "concurrency") });
  const timers = Array.from({ length: count }, () => numberIn(options, "timerMs"));
  await waiting(options["shape"], warmUpTimers).run({}, { executor });
  const measured = waiting(options["shape"], timers);
  return async () => {
    const startedAt = performance.now();
    await measured.run({}, { executor });
    return (count * 1000) / (performance.now() - startedAt);
  };
};
