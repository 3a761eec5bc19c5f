// npm run values [-- --cases N] [--seed N]: arbitrary values of all kinds through the codec and back.
import { parseArgs } from "node:util";
import { failingCase } from "../support/value-property.js";

/** One run of fast-check keeps its cases: many short ones take no more memory than one. */
const SLICE = 10_000;

const { values } = parseArgs({ options: { cases: { type: "string" }, seed: { type: "string" } } });
const cases = Number(values.cases ?? 1_000_000);
const seed = Number(values.seed ?? Date.now() % 1_000_000);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  console.error("usage: npm run values [-- --cases N] [--seed N], with whole numbers");
  process.exit(2);
}
console.log(`seed ${seed}`);
let passed = 0;
for (let slice = 0; passed < cases; slice++) {
  const count = Math.min(SLICE, cases - passed);
  const failing = failingCase(count, seed + slice);
  if (failing !== undefined) {
    console.error(failing);
    console.log(`${passed} passed, 1 failed`);
    process.exit(1);
  }
  passed += count;
}
console.log(`${passed} passed, 0 failed`);
