// Owns: counting the flights of the example, in sequence, in threads or by hand, as one side. What counts them stands with the
// example; `scripts/run-bench.mjs` puts it beside what is built here.
import { SequentialExecutor } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import type * as byHand from "../../../examples/flights/compare/by-hand.js";
import type * as ranges from "../../../examples/flights/compare/ranges.js";
import { numberIn, type Prepare } from "../side.js";

type Ranges = typeof ranges;
type ByHand = typeof byHand;

export const prepare: Prepare = async (options) => {
  const [threads, passes] = [numberIn(options, "threads"), numberIn(options, "passes")];
  const { byRanges, splitRanges }: Ranges = await import(`${"../../../examples/dist/flights/compare"}/ranges.js`);
  const { byHand: open }: ByHand = await import(`${"../../../examples/dist/flights/compare"}/by-hand.js`);
  const all = await splitRanges(numberIn(options, "ranges"));
  const pass = ((): (() => Promise<{ readonly rows: number }>) => {
    if (options["how"] === "by hand") {
      const hand = open(threads);
      return () => hand.tally(all);
    }
    const isThreads = options["how"] === "threads";
    const executor = isThreads ? new ThreadPoolExecutor({ threads, keepAliveMs: 600_000 }) : new SequentialExecutor();
    return () => byRanges.run({ ranges: all }, { executor });
  })();
  return async () => {
    const startedAtMs = performance.now();
    for (let i = 0; i < passes; i++) {
      const { rows } = await pass();
      if (rows !== 3_000_000) throw new Error(`${rows} flights were counted`);
    }
    return (performance.now() - startedAtMs) / 1000;
  };
};
