// Owns: what the benchmarks of the codec have in common: each load there and back, ours beside a peer.
import { alternate, type Measured } from "./alternate.js";
import type { BenchResult, Figures } from "./bench.js";
import { median, ratios, rounded, spread } from "./stats.js";

const REPEATS = 11;
/** So many, because a repeat is one value, and both sides are to be compiled. */
const WARMUPS = 12;

export type Peer = "v8" | "structuredClone";
const names: Readonly<Record<Peer, string>> = {
  v8: "v8.serialize + v8.deserialize",
  structuredClone: "structuredClone",
};

/** `extra`: further loads beside the first, which gives the ratio. */
export async function valueBench(
  bench: string,
  peer: Peer,
  load: string,
  extra: readonly string[] = [],
): Promise<BenchResult> {
  const sides = [load, ...extra].flatMap((each) => [
    [`${each} ours`, { side: "values", options: { codec: "ours", load: each }, warmups: WARMUPS }] as const,
    [`${each} peer`, { side: "values", options: { codec: peer, load: each }, warmups: WARMUPS }] as const,
  ]);
  const measured = await alternate(Object.fromEntries(sides), REPEATS);
  const { value, peerValue, ratio, ...spreads } = figures(measured, load);
  return {
    bench,
    value,
    unit: "ms there and back",
    peer: names[peer],
    peerValue,
    ratio,
    extra: {
      ...spreads,
      repeats: REPEATS,
      ...Object.fromEntries(extra.map((each) => [each, figures(measured, each)])),
    },
  };
}

type LoadFigures = { readonly value: number; readonly peerValue: number; readonly ratio: number } & Figures;

function figures(measured: Measured, load: string): LoadFigures {
  const [own, other] = [measured.of(`${load} ours`), measured.of(`${load} peer`)];
  return {
    value: rounded(median(own)),
    peerValue: rounded(median(other)),
    ratio: rounded(median(other) / median(own)),
    spread: spread(own),
    peerSpread: spread(other),
    ratioSpread: spread(ratios(other, own)),
  };
}
