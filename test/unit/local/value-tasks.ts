// Owns: tasks that compare what they receive with what the same text makes in their own thread.
import { task } from "@millrace/core";
import { difference } from "../../support/same-value.js";
import { makeValue } from "../../support/value-table.js";

/** Sends back what it was sent, or throws how it differs. */
export const sends = task("sends", (code: string, value: unknown): unknown => {
  const problem = difference(makeValue(code), value, { ignoresStacks: true });
  if (problem !== undefined) throw new Error(problem);
  return value;
});
export const makes = task("makes", makeValue);
export const buffer = task("buffer", (bytes: number) => new ArrayBuffer(bytes));
export const lengthOf = task("length-of", (bytes: ArrayBuffer | Uint8Array) => bytes.byteLength);
export const small = task("small", (x: number) => x % 7);
export const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
