// Owns: what it takes to build and validate a graph of a chain and a fan of 100,000 tasks each; validating orders it.
import { alternate, fresh } from "../alternate.js";
import { alone, type Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const COUNT = 100_000;
const REPEATS = 7;

export const bench: Bench = async () => {
  const options = { count: COUNT };
  const side = (figure: string) => ({ side: "graph-build", options: { ...options, figure } });
  const seconds = (await alternate({ ours: side("seconds") }, REPEATS)).of("ours");
  const bytes = await fresh(side("bytes"), 3);
  return alone("graph-100k", rounded(median(seconds)), "s", {
    spread: spread(seconds),
    tasks: 2 * COUNT + 2,
    bytesPerTask: rounded(median(bytes)),
  });
};
