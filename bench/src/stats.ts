// Owns: what many figures come to.

export function median(figures: readonly number[]): number {
  const sorted = figures.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new RangeError("there is no median of nothing");
  return (low + high) / 2;
}

/** Four digits: more would be noise. */
export function rounded(figure: number): number {
  return Number(figure.toPrecision(4));
}

export function spread(figures: readonly number[]): string {
  return `${rounded(Math.min(...figures))} .. ${rounded(Math.max(...figures))}`;
}

/** Element by element, `of` over `to`. */
export function ratios(of: readonly number[], to: readonly number[]): readonly number[] {
  return of.map((figure, i) => figure / (to[i] ?? Number.NaN));
}
