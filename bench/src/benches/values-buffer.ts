// Owns: a typed array of 10 MB there and back.
import type { Bench } from "../bench.js";
import { valueBench } from "../value-bench.js";

export const bench: Bench = () => valueBench("values-buffer", "structuredClone", "buffer");
