// Owns: one wide map and the sum of its results, in a process that does nothing else.
import { flow, param, task } from "@millrace/core";
import { numberIn, type Prepare } from "../side.js";

const double = task("double", (x: number) => 2 * x);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
const doubled = flow("doubled", { params: { xs: param<number[]>() } }, (p) => sum(double.map(p.xs)));

/** `figure`: the process's peak in megabytes, seconds, or bare: the peak without a run. */
export const prepare: Prepare = async (options) => {
  const width = numberIn(options, "width");
  const xs = Array.from({ length: width }, (_, i) => i);
  return async () => {
    const startedAt = performance.now();
    if (options["figure"] !== "bare") {
      const total = await doubled.run({ xs });
      if (total !== width * (width - 1)) throw new Error(`the sum is ${total}`);
    }
    const seconds = (performance.now() - startedAt) / 1000;
    return options["figure"] === "seconds" ? seconds : process.resourceUsage().maxRSS / 1024;
  };
};
