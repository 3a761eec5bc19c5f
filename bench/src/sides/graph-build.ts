// Owns: building and checking a flow with a long chain and a wide fan, as one side.
import { flow, type Ref, task } from "@millrace/core";
import { heapBytes } from "../heap.js";
import { numberIn, type Prepare } from "../side.js";

const step = task("step", (x: number) => x + 1);
const leaf = task("leaf", (x: number) => x);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));

function chainAndFan(count: number) {
  return flow("chain-and-fan", () => {
    let end = step(0);
    for (let i = 0; i < count; i++) end = step(end);
    const leaves: Ref<number>[] = [];
    for (let i = 0; i < count; i++) leaves.push(leaf(i));
    return [end, sum(leaves)];
  });
}

/** `figure`: seconds, or bytes for each task that the flow keeps. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  return async () => {
    const before = heapBytes();
    const startedAt = performance.now();
    const built = chainAndFan(count);
    const problems = built.check();
    const seconds = (performance.now() - startedAt) / 1000;
    const bytes = (heapBytes() - before) / (2 * count);
    if (problems.length > 0 || built.name === "") throw new Error(JSON.stringify(problems));
    return options["figure"] === "bytes" ? bytes : seconds;
  };
};
