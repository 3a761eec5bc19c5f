// Owns: what a benchmark says of itself.

export type Figures = { readonly [name: string]: number | string | Figures };

export type BenchResult = {
  readonly bench: string;
  readonly value: number;
  readonly unit: string;
  /** Without one all three are null. A ratio above 1 means better than the peer. */
  readonly peer: string | null;
  readonly peerValue: number | null;
  readonly ratio: number | null;
  readonly extra: Figures;
};

export type Bench = () => Promise<BenchResult>;

/** A benchmark that is measured against nothing but itself. */
export function alone(bench: string, value: number, unit: string, extra: Figures): BenchResult {
  return { bench, value, unit, peer: null, peerValue: null, ratio: null, extra };
}
