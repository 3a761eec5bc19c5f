// Owns: 100 buffers of 10 MB that are given up to two threads, beside piscina with a transferList.
import { alternate } from "../alternate.js";
import type { Bench } from "../bench.js";
import { compared } from "../compared.js";

const REPEATS = 15;
const options = { count: 100, bytes: 10_000_000, threads: 2 };

export const bench: Bench = async () => {
  const side = (how: string) => ({ side: "buffers", options: { ...options, how } });
  const measured = await alternate({ ours: side("ours"), peer: side("piscina") }, REPEATS);
  const [ours, theirs] = [measured.of("ours"), measured.of("peer")];
  const peer = "piscina run() with transferList, 2 threads";
  return compared({ bench: "threads-buffers", unit: "MB/s", peer, better: "more", ours, theirs });
};
