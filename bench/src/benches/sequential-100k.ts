// Owns: 100,000 nodes one after the other, with full states, beside p-queue.
import type { Bench } from "../bench.js";
import { throughput } from "../throughput.js";

export const bench: Bench = () => throughput("sequential-100k", 1);
