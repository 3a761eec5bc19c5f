// Owns: how long it takes from the kill of a thread that never yields until a task begins in its slot: the only one.
import { setImmediate as turn } from "node:timers/promises";
import { flow } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { alone, type Bench } from "../bench.js";
import { now, spin } from "../sides/thread-tasks.js";
import { median, rounded, spread } from "../stats.js";

const ROUNDS = 12;

async function round(executor: ThreadPoolExecutor): Promise<number> {
  const begun = new SharedArrayBuffer(4);
  const spinning = flow("spinning", () => {
    spin(begun);
  }).start({}, { executor });
  const next = flow("next", () => now()).run({}, { executor });
  while (Atomics.load(new Int32Array(begun), 0) === 0) await turn();
  // Without grace the kill comes with the cancel.
  const killedAtMs = performance.timeOrigin + performance.now();
  spinning.cancel();
  await spinning.done;
  return (await next) - killedAtMs;
}

async function measure(spareThreads: number): Promise<readonly number[]> {
  const executor = new ThreadPoolExecutor({ threads: 1, spareThreads, graceMs: 0 });
  const figures: number[] = [];
  // The first one finds no spare thread yet.
  for (let i = 0; i <= ROUNDS; i++) {
    await flow("warm", () => now()).run({}, { executor });
    await new Promise((resolve) => setTimeout(resolve, 150));
    const figure = await round(executor);
    if (i > 0) figures.push(figure);
  }
  await executor.close();
  return figures;
}

export const bench: Bench = async () => {
  const spared = await measure(1);
  const unspared = await measure(0);
  return alone("threads-cancel", rounded(median(spared)), "ms", {
    spread: spread(spared),
    withoutSpares: rounded(median(unspared)),
    withoutSparesSpread: spread(unspared),
    rounds: ROUNDS,
  });
};
