// Owns: one task there and back, beside `run` of the same piscina: blocks in turn on one thread, since where the system puts a
// thread makes more of a difference than anything else.
import { openPool, type Pool } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { Piscina } from "piscina";
import type { Bench } from "../bench.js";
import { double } from "../sides/thread-tasks.js";
import { compared } from "../compared.js";

const [BLOCK, BLOCKS, DROPPED] = [200, 60, 5];

/** The piscina that our executor has made for its thread: caught when it is first used. */
async function opened(executor: ThreadPoolExecutor): Promise<{ readonly pool: Pool; readonly piscina: Piscina }> {
  const found: Piscina[] = [];
  const run: unknown = Reflect.get(Piscina.prototype, "run");
  Reflect.set(Piscina.prototype, "run", function (this: Piscina, ...given: readonly unknown[]): unknown {
    found.push(this);
    return typeof run === "function" ? Reflect.apply(run, this, given) : undefined;
  });
  const pool = await openPool(executor);
  Reflect.set(Piscina.prototype, "run", run);
  const [piscina] = found;
  if (piscina === undefined || new Set(found).size !== 1) throw new Error("the executor's thread was not found");
  return { pool, piscina };
}

async function block(trip: (i: number) => PromiseLike<unknown>): Promise<number> {
  const startedAtMs = performance.now();
  for (let i = 0; i < BLOCK; i++) if ((await trip(i)) !== 2 * i) throw new Error("a wrong result");
  return ((performance.now() - startedAtMs) * 1000) / BLOCK;
}

export const bench: Bench = async () => {
  const executor = new ThreadPoolExecutor({ threads: 1, spareThreads: 0, keepAliveMs: 600_000 });
  const { pool, piscina } = await opened(executor);
  const plain = { filename: new URL("../sides/thread-tasks.js", import.meta.url).href, name: "twice" };
  const [ours, peer]: [number[], number[]] = [[], []];
  for (let i = 0; i < BLOCKS + DROPPED; i++) {
    const own = await block((x) => pool.submit(double, x));
    const other = await block((x) => piscina.run(x, plain));
    if (i < DROPPED) continue;
    ours.push(own);
    peer.push(other);
  }
  await pool.close();
  await executor.close();
  return compared({
    bench: "threads-roundtrip",
    unit: "us",
    peer: "run() of the same piscina and thread",
    better: "less",
    ours,
    theirs: peer,
    extra: { tripsABlock: BLOCK },
  });
};
