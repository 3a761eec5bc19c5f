// `npm run demo -- --compare [--rounds N]`: the same counting in sequence, in threads, and in threads by a loop that is written by hand.
import { isDeepStrictEqual, parseArgs } from "node:util";
import { SequentialExecutor } from "millrace";
import { ThreadPoolExecutor } from "millrace/local";
import type { Tally } from "../tally.js";
import { byHand } from "./by-hand.js";
import { byRanges, splitRanges } from "./ranges.js";

const given = parseArgs({ options: { rounds: { type: "string", default: "3" } } });
const [threads, rounds, ranges] = [2, Number(given.values.rounds), await splitRanges(66)];
if (!(rounds >= 1)) throw new RangeError("--rounds: write a number from 1 on");
// As the threads of the loop, they stay while the others have their turn.
const pool = new ThreadPoolExecutor({ threads, keepAliveMs: 600_000 });
const hand = byHand(threads);
const sides: readonly (readonly [name: string, tally: () => Promise<Tally>])[] = [
  ["sequential", () => byRanges.run({ ranges }, { executor: new SequentialExecutor() })],
  [`${threads} threads`, () => byRanges.run({ ranges }, { executor: pool })],
  [`${threads} threads by hand`, () => hand.tally(ranges)],
];

const seconds = sides.map((): number[] => []);
const tallies: Tally[] = [];
// The first round is warm-up; the sides take turns, so that a machine that slows down slows them all.
for (let round = 0; round <= rounds; round++) {
  for (const [i, [, tally]] of sides.entries()) {
    const startedAtMs = performance.now();
    tallies.push(await tally());
    if (round > 0) seconds[i]?.push((performance.now() - startedAtMs) / 1000);
  }
}
await Promise.all([pool.close(), hand.close()]);

const [first] = tallies;
if (!tallies.every((tally) => isDeepStrictEqual(tally, first))) throw new Error("the results are not the same");
const rows = (first?.rows ?? 0).toLocaleString("en");
console.log(`${rows} flights in ${ranges.length} ranges; the median of ${rounds} rounds, all results equal`);
const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const base = median(seconds[0] ?? []);
for (const [i, [name]] of sides.entries()) {
  const took = median(seconds[i] ?? []);
  console.log(`${name.padEnd(20)} ${took.toFixed(2)} s   ${(base / took).toFixed(2)} x`);
}
