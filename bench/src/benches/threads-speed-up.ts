// Owns: counting three million flights in 66 ranges in two warm threads, beside a loop over `worker_threads` by hand.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const REPEATS = 7;
const options = { threads: 2, ranges: 66, passes: 3 };

export const bench: Bench = async () => {
  const side = (how: string) => ({ side: "flights", options: { ...options, how }, warmups: 1 });
  const sides = { ours: side("threads"), peer: side("by hand"), sequential: side("sequential") };
  const measured = await alternate(sides, REPEATS);
  const [ours, peer, sequential] = [measured.of("ours"), measured.of("peer"), measured.of("sequential")];
  return {
    bench: "threads-speed-up",
    value: rounded(median(ours)),
    unit: "s",
    peer: "a loop over worker_threads by hand, 2 threads",
    peerValue: rounded(median(peer)),
    ratio: rounded(median(peer) / median(ours)),
    extra: {
      spread: spread(ours),
      peerSpread: spread(peer),
      ratioSpread: spread(ratios(peer, ours)),
      overSequential: rounded(median(sequential) / median(ours)),
      sequential: rounded(median(sequential)),
      repeats: REPEATS,
    },
  };
};
