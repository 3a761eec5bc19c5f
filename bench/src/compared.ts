// Owns: the result of a benchmark in which ours and one peer took turns.
import type { BenchResult, Figures } from "./bench.js";
import { median, ratios, rounded, spread } from "./stats.js";

export type Compared = {
  readonly bench: string;
  readonly unit: string;
  readonly peer: string;
  /** Whether more of the unit is better, or less. */
  readonly better: "more" | "less";
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
  readonly extra?: Figures;
};

export function compared({ bench, unit, peer, better, ours, theirs, extra }: Compared): BenchResult {
  const [over, under] = better === "more" ? [ours, theirs] : [theirs, ours];
  return {
    bench,
    value: rounded(median(ours)),
    unit,
    peer,
    peerValue: rounded(median(theirs)),
    ratio: rounded(median(over) / median(under)),
    extra: {
      spread: spread(ours),
      peerSpread: spread(theirs),
      ratioSpread: spread(ratios(over, under)),
      repeats: ours.length,
      ...extra,
    },
  };
}
