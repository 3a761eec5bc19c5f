// Owns: the pieces of the engine one by one, by Benchmark.js: what changed, when a whole run got slower.
import { ReadyQueue, topologicalOrder } from "@millrace/core/internal";
import Benchmark from "benchmark";
import { alone, type Bench, type Figures } from "../bench.js";
import { chainAndFan, loneNodes, mapOverParameter } from "../noop-graphs.js";
import { ScheduledRun } from "../scheduled-run.js";
import { rounded } from "../stats.js";

const SIZE = 1_000;
const WIDTH = 100_000;
const DEPTHS = 7;

function handleEvents(graph: ReturnType<typeof loneNodes>): void {
  const run = new ScheduledRun(true);
  run.extend(graph);
  run.finish();
}

function fillAndEmpty(): void {
  const queue = new ReadyQueue();
  for (let node = 0; node < SIZE; node++) queue.push(node, node % DEPTHS);
  while (!queue.empty) queue.drop();
}

/** Up to the first children that are sent. */
function expandMap(graph: ReturnType<typeof mapOverParameter>, list: readonly number[]): void {
  const run = new ScheduledRun(false);
  run.put(0, list);
  run.extend(graph);
  run.demand();
}

/** Repeats a second, times what one repeat does. */
function perSecond({ hz, stats }: Benchmark, times: number): Figures {
  return { perSecond: rounded(hz * times), errorPercent: rounded(stats.rme) };
}

export const bench: Bench = async () => {
  const [nodes, both, map] = [loneNodes(SIZE), chainAndFan(SIZE), mapOverParameter()];
  const list = Array.from({ length: WIDTH }, (_, i) => i);
  const suite = new Benchmark.Suite()
    .add("nodesHandled", () => handleEvents(nodes))
    .add("queueSteps", () => fillAndEmpty())
    .add("nodesOrdered", () => topologicalOrder(both))
    .add("mapsExpanded", () => expandMap(map, list));
  suite.run();
  const times = new Map([
    ["nodesHandled", SIZE],
    ["queueSteps", 2 * SIZE],
    ["nodesOrdered", both.size],
    ["mapsExpanded", 1],
  ]);
  const extra: Record<string, Figures> = {};
  suite.forEach((target: Benchmark) => {
    if (target.error !== undefined) throw new Error(`${target.name} failed: ${String(target.error)}`);
    extra[target.name ?? ""] = perSecond(target, times.get(target.name ?? "") ?? 1);
  });
  const handled = suite.map((target: Benchmark) => target.hz)[0] ?? 0;
  return alone("micro", rounded(handled * SIZE), "nodes/s through the scheduler", extra);
};
