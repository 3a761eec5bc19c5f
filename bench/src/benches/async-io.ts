// Owns: a thousand timers of 10 ms, 50 at a time, beside p-limit: what a program that waits a lot sees of the engine.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const COUNT = 1_000;
const TIMER_MS = 10;
const CONCURRENCY = 50;
const REPEATS = 9;

export const bench: Bench = async () => {
  const options = { count: COUNT, timerMs: TIMER_MS, concurrency: CONCURRENCY };
  const sides = {
    ours: { side: "timers-flow", options: { ...options, shape: "map" } },
    peer: { side: "timers-limit", options },
    nodes: { side: "timers-flow", options: { ...options, shape: "nodes" } },
  };
  const measured = await alternate(sides, REPEATS);
  const [value, peerValue, nodes] = [
    median(measured.of("ours")),
    median(measured.of("peer")),
    median(measured.of("nodes")),
  ];
  return {
    bench: "async-io",
    value: rounded(value),
    unit: "tasks/s",
    peer: `p-limit, concurrency ${CONCURRENCY}`,
    peerValue: rounded(peerValue),
    ratio: rounded(value / peerValue),
    extra: {
      spread: spread(measured.of("ours")),
      peerSpread: spread(measured.of("peer")),
      nodes: { tasksPerSecond: rounded(nodes), ratio: rounded(nodes / peerValue) },
      ideal: (CONCURRENCY * 1000) / TIMER_MS,
    },
  };
};
