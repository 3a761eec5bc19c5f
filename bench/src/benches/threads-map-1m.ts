// Owns: how much memory a process takes at most, its threads included, that maps over a million elements in two of them.
import { fresh } from "../alternate.js";
import { alone, type Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const REPEATS = 5;

export const bench: Bench = async () => {
  const options = { width: 1_000_000, threads: 2, figure: "megabytes" };
  const peak = await fresh({ side: "threads-map", options, nodeFlags: [] }, REPEATS);
  return alone("threads-map-1m", rounded(median(peak)), "MB", { spread: spread(peak), repeats: REPEATS });
};
