// Owns: 100,000 small objects there and back, one by one.
import type { Bench } from "../bench.js";
import { valueBench } from "../value-bench.js";

export const bench: Bench = () => valueBench("values-small", "v8", "small");
