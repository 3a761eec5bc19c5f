// Owns: the tasks that benches run in threads, and the same as functions for peers. A module of its own: threads load it.
import { task } from "@millrace/core";

export const twice = async (x: number): Promise<number> => 2 * x;
export const double = task("double", twice);
export const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
export const spin = task("spin", (begun: SharedArrayBuffer): void => {
  Atomics.store(new Int32Array(begun), 0, 1);
  for (;;);
});
export const now = task("now", () => performance.timeOrigin + performance.now());
export const byteLengthOf = (bytes: Uint8Array): number => bytes.length;
export const lengthOf = task("length-of", byteLengthOf);
