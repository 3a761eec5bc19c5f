// Owns: 100,000 tasks as one map and its sum in two threads.
import type { Bench } from "../bench.js";
import { threadsThroughput } from "../threads-throughput.js";

export const bench: Bench = () => threadsThroughput("threads-100k", "threads-map");
