// Owns: tasks that wait for a timer, as one map or as nodes of their own, as one side.
import { setTimeout as sleep } from "node:timers/promises";
import { AsyncExecutor, flow, task } from "@millrace/core";
import { numberIn, type Prepare } from "../side.js";

const wait = task("wait", async (ms: number) => {
  await sleep(ms);
});

/** Tasks a second. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  const timerMs = numberIn(options, "timerMs");
  const executor = new AsyncExecutor({ concurrency: numberIn(options, "concurrency") });
  const timers = Array.from({ length: count }, () => timerMs);
  const waiting = flow("timers", () => {
    if (options["shape"] === "map") wait.map(timers);
    else for (const ms of timers) wait(ms);
  });
  return async () => {
    const startedAt = performance.now();
    await waiting.run({}, { executor });
    return (count * 1000) / (performance.now() - startedAt);
  };
};
