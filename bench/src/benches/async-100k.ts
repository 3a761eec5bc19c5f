// Owns: 100,000 nodes, 16 at a time, with full states, beside p-queue.
import type { Bench } from "../bench.js";
import { throughput } from "../throughput.js";

export const bench: Bench = () => throughput("async-100k", 16);
