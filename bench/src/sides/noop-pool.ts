// Owns: tasks that do nothing, submitted to a pool in sequence and awaited one and all, as one side.
import { openPool, SequentialExecutor, task } from "@millrace/core";
import { numberIn, type Prepare } from "../side.js";

const noop = task("noop", async () => {});

/** Tasks a second, from the first `submit` until each future has been awaited; `gather`: by the pool's own gather. */
export const prepare: Prepare = async (options) => {
  const count = numberIn(options, "count");
  const executor = new SequentialExecutor();
  return async () => {
    const startedAt = performance.now();
    const pool = await openPool(executor);
    const futures: Promise<void>[] = [];
    for (let i = 0; i < count; i++) futures.push(pool.submit(noop));
    await (options["gather"] === true ? pool.gather({ futures }) : Promise.all(futures));
    const figure = (count * 1000) / (performance.now() - startedAt);
    await pool.close();
    return figure;
  };
};
