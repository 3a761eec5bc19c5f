// Owns: the parameters of a run as every task of it may see them (`context().parameters`): those that are small.

import { encodeValue } from "@millrace/core/seam";
import { Opaque } from "../protocol/opaque.js";

/** Encoded, one and all. What is larger is put, for the tasks that take it as an argument. */
const BYTES_MAX = 65_536;
const ALL_BYTES_MAX = 524_288;

/** Undefined: it is too large to be sent to everybody. Throws what the value codec throws. */
export function sentParameters(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  let left = ALL_BYTES_MAX;
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      const { bytes, beside } = encodeValue(value, { name: `the parameter "${name}"` });
      if (beside.length > 0 || bytes.length > Math.min(BYTES_MAX, left)) return [name, undefined];
      left -= bytes.length;
      return [name, new Opaque(bytes)];
    }),
  );
}
