// Owns: what holds for every value that travels, as a property: it comes back the same, whole and in parts.

import { decodeValue, encodeInParts, encodeValue, lengthOfParts, rangeOf } from "@millrace/core/internal";
import fc from "fast-check";
import { difference } from "./same-value.js";
import { arbitraryValue } from "./value-arbitrary.js";

function check(value: unknown, cut: readonly [number, number]): void {
  same(value, decodeValue(encodeValue(value)));
  const parts = encodeInParts(value);
  same(value, decodeValue(parts));
  const length = lengthOfParts(parts);
  if (length === undefined || !Array.isArray(value)) return;
  const [from, to] = cut.map((at) => at % (length + 1)).sort((a, b) => a - b);
  same(value.slice(from, to), decodeValue(rangeOf(parts, from ?? 0, to ?? 0)));
}

function same(value: unknown, back: unknown): void {
  const problem = difference(value, back);
  if (problem !== undefined) throw new Error(problem);
}

/** Undefined: all held; else the smallest value that does not, and its seed. */
export function failingCase(cases: number, seed: number): string | undefined {
  const property = fc.property(arbitraryValue, fc.tuple(fc.nat(), fc.nat()), check);
  const result = fc.check(property, { numRuns: cases, seed });
  return result.failed ? fc.defaultReportMessage(result) : undefined;
}
