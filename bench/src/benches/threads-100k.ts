// Owns: 100,000 tasks that do nothing as one map and its sum in two threads, beside piscina's `run` in a loop.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const OPTIONS = { width: 100_000, threads: 2 };
const REPEATS = 9;

export const bench: Bench = async () => {
  const measured = await alternate(
    { ours: { side: "threads-map", options: OPTIONS }, peer: { side: "piscina-loop", options: OPTIONS } },
    REPEATS,
  );
  const [ours, peer] = [measured.of("ours"), measured.of("peer")];
  return {
    bench: "threads-100k",
    value: rounded(median(ours)),
    unit: "tasks/s",
    peer: "piscina run() in a loop, 2 threads",
    peerValue: rounded(median(peer)),
    ratio: rounded(median(ours) / median(peer)),
    extra: {
      spread: spread(ours),
      peerSpread: spread(peer),
      ratioSpread: spread(ratios(ours, peer)),
      repeats: REPEATS,
    },
  };
};
