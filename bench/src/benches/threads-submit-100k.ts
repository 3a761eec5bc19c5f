// Owns: 100,000 tasks submitted one by one to a pool of two threads, a future each.
import type { Bench } from "../bench.js";
import { threadsThroughput } from "../threads-throughput.js";

export const bench: Bench = () => threadsThroughput("threads-submit-100k", "threads-submit");
