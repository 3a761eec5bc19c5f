// Owns: how much memory a process takes at most that maps over a million elements and sums up the results.
import { fresh } from "../alternate.js";
import { alone, type Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const WIDTH = 1_000_000;
const REPEATS = 5;

export const bench: Bench = async () => {
  // As a user starts it: a flag that gives the heap more room would show in the peak.
  const side = (figure: string) => ({ side: "map-sum", options: { width: WIDTH, figure }, nodeFlags: [] });
  const bare = await fresh(side("bare"), REPEATS);
  const peak = await fresh(side("megabytes"), REPEATS);
  const seconds = await fresh(side("seconds"), REPEATS);
  return alone("map-1m", rounded(median(peak)), "MB", {
    spread: spread(peak),
    withoutTheRun: rounded(median(bare)),
    seconds: rounded(median(seconds)),
    secondsSpread: spread(seconds),
  });
};
