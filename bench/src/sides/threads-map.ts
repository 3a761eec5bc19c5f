// Owns: one wide map and its sum in threads, as one side.
import { flow, param } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { numberIn, type Prepare } from "../side.js";
import { double, sum } from "./thread-tasks.js";

const doubled = flow("doubled", { params: { xs: param<number[]>() } }, (p) => sum(double.map(p.xs)));

/** `figure`: tasks a second, or the process's peak in megabytes. */
export const prepare: Prepare = async (options) => {
  const width = numberIn(options, "width");
  const xs = Array.from({ length: width }, (_, i) => i);
  // Warm, as the peer's are: the turns of the other side take longer than threads are kept by default.
  const executor = new ThreadPoolExecutor({ threads: numberIn(options, "threads"), keepAliveMs: 600_000 });
  return async () => {
    const startedAt = performance.now();
    const total = await doubled.run({ xs }, { executor });
    if (total !== width * (width - 1)) throw new Error(`the sum is ${total}`);
    if (options["figure"] === "megabytes") return process.resourceUsage().maxRSS / 1024;
    return width / ((performance.now() - startedAt) / 1000);
  };
};
