// Owns: tasks that do nothing, one call each and a promise each, in pools of threads that others make, each with its default
// settings but for the number of threads, as one side.
import { FixedThreadPool } from "poolifier";
import { Tinypool } from "tinypool";
import { pool as workerpool } from "workerpool";
import { numberIn, type Prepare } from "../side.js";

type Call = (x: number) => PromiseLike<unknown>;

/** Each takes the module of its own kind. */
const pools: Readonly<Record<string, (threads: number) => Call>> = {
  tinypool: (threads) => {
    const filename = new URL("./thread-tasks.js", import.meta.url).href;
    const pool = new Tinypool({ filename, name: "twice", minThreads: threads, maxThreads: threads });
    return (x) => pool.run(x, { name: "twice" });
  },
  workerpool: (threads) => {
    const script = new URL("./workerpool-worker.js", import.meta.url).pathname;
    const pool = workerpool(script, { workerType: "thread", minWorkers: threads, maxWorkers: threads });
    return (x) => pool.exec("twice", [x]);
  },
  poolifier: (threads) => {
    const pool = new FixedThreadPool<number, number>(
      threads,
      new URL("./poolifier-worker.js", import.meta.url).pathname,
    );
    return (x) => pool.execute(x);
  },
};

export const prepare: Prepare = (options) => {
  const [width, threads] = [numberIn(options, "width"), numberIn(options, "threads")];
  const call = pools[String(options["pool"])]?.(threads);
  if (call === undefined) throw new TypeError(`there is no pool ${String(options["pool"])}`);
  return Promise.resolve(async () => {
    const startedAt = performance.now();
    const calls: PromiseLike<unknown>[] = [];
    for (let i = 0; i < width; i++) calls.push(call(i));
    const results = await Promise.all(calls);
    const total = results.reduce<number>((sum, result) => sum + Number(result), 0);
    if (total !== width * (width - 1)) throw new Error(`the sum is ${total}`);
    return width / ((performance.now() - startedAt) / 1000);
  });
};
