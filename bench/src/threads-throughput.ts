// Owns: tasks a second of 100,000 tasks that do next to nothing in two warm threads, beside piscina's `run` in a loop: what
// `threads-100k` and `threads-submit-100k` have in common.
import { alternate } from "./alternate.js";
import type { BenchResult } from "./bench.js";
import { compared } from "./compared.js";

const options = { width: 100_000, threads: 2 };
const REPEATS = 9;

export async function threadsThroughput(bench: string, side: string): Promise<BenchResult> {
  const measured = await alternate({ ours: { side, options }, peer: { side: "piscina-loop", options } }, REPEATS);
  const [ours, theirs] = [measured.of("ours"), measured.of("peer")];
  return compared({ bench, unit: "tasks/s", peer: "piscina run() in a loop, 2 threads", better: "more", ours, theirs });
}
