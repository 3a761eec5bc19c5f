// Owns: 100 buffers of 10 MB that are given up to two threads, beside piscina with a transferList.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const REPEATS = 15;
const options = { count: 100, bytes: 10_000_000, threads: 2 };

export const bench: Bench = async () => {
  const side = (how: string) => ({ side: "buffers", options: { ...options, how } });
  const measured = await alternate({ ours: side("ours"), peer: side("piscina") }, REPEATS);
  const [ours, peer] = [measured.of("ours"), measured.of("peer")];
  return {
    bench: "threads-buffers",
    value: rounded(median(ours)),
    unit: "MB/s",
    peer: "piscina run() with transferList, 2 threads",
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
