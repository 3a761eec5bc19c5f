// Owns: tasks that do nothing, one `run` each, in a piscina of its default settings, as one side; `atomics` as ours, since
// the default keeps timers of a task from firing.
import { Piscina } from "piscina";
import { numberIn, type Prepare } from "../side.js";

export const prepare: Prepare = async (options) => {
  const [width, threads] = [numberIn(options, "width"), numberIn(options, "threads")];
  const filename = new URL("./thread-tasks.js", import.meta.url).href;
  const pool = new Piscina({ filename, name: "twice", minThreads: threads, maxThreads: threads, atomics: "disabled" });
  return async () => {
    const startedAt = performance.now();
    const runs: Promise<number>[] = [];
    for (let i = 0; i < width; i++) runs.push(pool.run(i));
    const total = (await Promise.all(runs)).reduce((a, b) => a + b, 0);
    if (total !== width * (width - 1)) throw new Error(`the sum is ${total}`);
    return width / ((performance.now() - startedAt) / 1000);
  };
};
