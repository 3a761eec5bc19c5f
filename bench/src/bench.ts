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

/** `traces`: a file of recorded workflows. */
export type BenchOptions = { readonly traces?: string };
export type Bench = (options?: BenchOptions) => Promise<BenchResult>;

/** What was asked for cannot be measured: the command says why and ends with 2. */
export class UsageError extends Error {}

/** A benchmark that is measured against nothing but itself. */
export function alone(bench: string, value: number, unit: string, extra: Figures): BenchResult {
  return { bench, value, unit, peer: null, peerValue: null, ratio: null, extra };
}
