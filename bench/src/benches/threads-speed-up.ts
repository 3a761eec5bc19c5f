// Owns: counting three million flights in 66 ranges in two warm threads, beside a loop over `worker_threads` by hand.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { compared } from "../compared.js";
import { median, rounded } from "../stats.js";

const REPEATS = 7;
const options = { threads: 2, ranges: 66, passes: 3 };

export const bench: Bench = async () => {
  const side = (how: string) => ({ side: "flights", options: { ...options, how }, warmups: 1 });
  const sides = { ours: side("threads"), peer: side("by hand"), sequential: side("sequential") };
  const measured = await alternate(sides, REPEATS);
  const [ours, theirs, sequential] = [measured.of("ours"), measured.of("peer"), measured.of("sequential")];
  const [own, alone] = [median(ours), median(sequential)];
  return compared({
    bench: "threads-speed-up",
    unit: "s",
    peer: "a loop over worker_threads by hand, 2 threads",
    better: "less",
    ours,
    theirs,
    extra: { overSequential: rounded(alone / own), sequential: rounded(alone) },
  });
};
