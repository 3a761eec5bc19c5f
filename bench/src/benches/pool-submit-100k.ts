// Owns: 100,000 submits to a pool in sequence, each future awaited, beside p-queue with a promise each. Floor 1, reach 2.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const COUNT = 100_000;
const REPEATS = 9;

export const bench: Bench = async () => {
  const sides = {
    ours: { side: "noop-pool", options: { count: COUNT, gather: false } },
    peer: { side: "noop-queue", options: { shape: "nodes", count: COUNT, concurrency: 1, each: true } },
    gather: { side: "noop-pool", options: { count: COUNT, gather: true } },
  };
  const measured = await alternate(sides, REPEATS);
  const [value, peerValue, gather] = [measured.of("ours"), measured.of("peer"), measured.of("gather")].map(median);
  return {
    bench: "pool-submit-100k",
    value: rounded(value ?? 0),
    unit: "tasks/s",
    peer: "p-queue, concurrency 1, a promise each",
    peerValue: rounded(peerValue ?? 0),
    ratio: rounded((value ?? 0) / (peerValue ?? 1)),
    extra: {
      spread: spread(measured.of("ours")),
      peerSpread: spread(measured.of("peer")),
      ratioSpread: spread(ratios(measured.of("ours"), measured.of("peer"))),
      repeats: measured.of("ours").length,
      gather: { tasksPerSecond: rounded(gather ?? 0), ratio: rounded((gather ?? 0) / (peerValue ?? 1)) },
    },
  };
};
