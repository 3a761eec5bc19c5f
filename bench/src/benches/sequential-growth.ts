// Owns: what a task costs in a flow of a million over what it costs in one of 10,000, as nodes and as one map.
import { alternate, type Measured } from "../alternate.js";
import { alone, type Bench } from "../bench.js";
import type { SideSpec } from "../side-client.js";
import { median, ratios, rounded, spread } from "../stats.js";

const SMALL = 10_000;
const LARGE = 1_000_000;
const PAIRS = 5;
/** A small flow is over in some milliseconds: many of them make one figure. */
const RUNS_OF_SMALL = 20;

function pair(shape: string): Readonly<Record<"small" | "large", SideSpec>> {
  const side = (count: number, runs: number, warmups: number): SideSpec => ({
    side: "noop-flow",
    options: { shape, count, runs, concurrency: 1 },
    warmups,
  });
  return { small: side(SMALL, RUNS_OF_SMALL, 3), large: side(LARGE, 1, 2) };
}

/** Costs are the other way round than rates. */
function growthIn(measured: Measured): readonly number[] {
  return ratios(measured.of("small"), measured.of("large"));
}

export const bench: Bench = async () => {
  const nodes = growthIn(await alternate(pair("nodes"), PAIRS));
  const map = growthIn(await alternate(pair("map"), PAIRS));
  return alone("sequential-growth", rounded(Math.max(median(nodes), median(map))), "x the cost per task", {
    nodes: rounded(median(nodes)),
    nodesSpread: spread(nodes),
    map: rounded(median(map)),
    mapSpread: spread(map),
    pairs: PAIRS,
  });
};
