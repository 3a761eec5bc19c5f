// Owns: how long recorded workflows take in a simulated cluster, placed by `Placement` and by five other policies that know the
// same. A ratio above 1: ours is quicker than the best of the five, instance by instance.
import { fileURLToPath } from "node:url";
import type { Bench, BenchResult, Figures } from "../bench.js";
import { Cluster, type Policy } from "../makespan/cluster.js";
import { Ours } from "../makespan/ours.js";
import { PEERS } from "../makespan/peers.js";
import { readTraces, type Trace } from "../makespan/traces.js";
import { rounded } from "../stats.js";

const WORKERS = [2, 8, 64];
/** Beside the repository, and read in place. */
const TRACES = fileURLToPath(new URL("../../../../shared/traces/wfinstances.jsonl.gz", import.meta.url));

type Measured = {
  readonly trace: string;
  readonly ratio: number;
  readonly oursMs: number;
  readonly bestMs: number;
  readonly best: string;
};

const takes = (trace: Trace, workers: number, policy: Policy): number => new Cluster(trace, workers, policy).run();

function measure(trace: Trace, workers: number): Measured {
  const oursMs = takes(trace, workers, new Ours());
  let best = "";
  let bestMs = Number.POSITIVE_INFINITY;
  for (const [name, make] of Object.entries(PEERS)) {
    const ms = takes(trace, workers, make());
    if (ms >= bestMs) continue;
    best = name;
    bestMs = ms;
  }
  return { trace: trace.name, ratio: bestMs / oursMs, oursMs, bestMs, best };
}

const geometricMean = (figures: readonly number[]): number =>
  Math.exp(figures.reduce((sum, figure) => sum + Math.log(figure), 0) / figures.length);

function worstOf(measured: readonly Measured[]): Figures {
  const worst = measured.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  return { trace: worst.trace, ratio: rounded(worst.ratio), best: worst.best };
}

export const bench: Bench = async ({ traces = TRACES } = {}): Promise<BenchResult> => {
  const instances = readTraces(traces);
  const byWorkers = WORKERS.map((workers) => {
    const measured = instances.map((trace) => measure(trace, workers));
    const mean = (of: (one: Measured) => number): number => geometricMean(measured.map(of));
    return {
      workers,
      measured,
      ratio: mean(({ ratio }) => ratio),
      oursMs: mean(({ oursMs }) => oursMs),
      bestMs: mean(({ bestMs }) => bestMs),
    };
  });
  const extra = byWorkers.map(({ workers, measured, ratio }) => [
    `workers${workers}`,
    { ratio: rounded(ratio), worst: worstOf(measured) },
  ]);
  const least = byWorkers.reduce((a, b) => (b.ratio < a.ratio ? b : a));
  return {
    bench: "makespan",
    value: rounded(least.oursMs / 1000),
    unit: "s of virtual time, geometric mean",
    peer: "the best of random, FIFO, b-level, t-level, earliest start",
    peerValue: rounded(least.bestMs / 1000),
    ratio: rounded(least.ratio),
    extra: { instances: instances.length, worstWorkers: least.workers, ...Object.fromEntries(extra) },
  };
};
