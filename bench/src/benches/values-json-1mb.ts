// Owns: a list of 6,500 nested records there and back, in `extra` texts and numbers too.
import type { Bench } from "../bench.js";
import { valueBench } from "../value-bench.js";

export const bench: Bench = () => valueBench("values-json-1mb", "v8", "json", ["strings", "numbers"]);
