// Owns: the one search in what stands in order here.

/** Of `length` places the first that is `reached`, as are all behind it; `length` where none is. */
export function firstPlace(length: number, reached: (at: number) => boolean): number {
  let [low, high] = [0, length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (reached(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
