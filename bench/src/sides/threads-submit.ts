// Owns: tasks that do nothing, submitted one by one to a pool of threads with a future each, as one side.
import { openPool } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { numberIn, type Prepare } from "../side.js";
import { double } from "./thread-tasks.js";

/** Tasks a second, from the first `submit` until each future has been awaited. */
export const prepare: Prepare = async (options) => {
  const [width, threads] = [numberIn(options, "width"), numberIn(options, "threads")];
  // Warm, as the peer's are: the turns of the other side take longer than threads are kept by default.
  const executor = new ThreadPoolExecutor({ threads, keepAliveMs: 600_000 });
  return async () => {
    const startedAt = performance.now();
    const pool = await openPool(executor);
    const futures: Promise<number>[] = [];
    for (let i = 0; i < width; i++) futures.push(pool.submit(double, i));
    const values = await Promise.all(futures);
    const figure = width / ((performance.now() - startedAt) / 1000);
    const total = values.reduce((a, b) => a + b, 0);
    if (total !== width * (width - 1)) throw new Error(`the sum is ${total}`);
    await pool.close();
    return figure;
  };
};
