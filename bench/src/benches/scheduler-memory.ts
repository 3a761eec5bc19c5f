// Owns: how many bytes a run's scheduler holds for each task that has finished: while its value is held, and afterwards.
import { fresh } from "../alternate.js";
import { alone, type Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const NODES = 100_000;
const CHILDREN = 1_000_000;
const REPEATS = 3;

export const bench: Bench = async () => {
  const side = (shape: string, count: number) => ({ side: "scheduler-memory", options: { shape, count } });
  const held = await fresh(side("nodes", NODES), REPEATS);
  const released = await fresh(side("map", CHILDREN), REPEATS);
  return alone("scheduler-memory", rounded(median(held)), "bytes a finished node, value held", {
    spread: spread(held),
    afterRelease: rounded(median(released)),
    afterReleaseSpread: spread(released),
  });
};
