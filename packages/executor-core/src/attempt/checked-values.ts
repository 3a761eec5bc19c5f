// Owns: sending values through the codec in the user's process too, as an executor that leaves it must (`checkValues`).
// C1. What is given back is what would have arrived: a copy. A value that cannot travel throws `NOT_SERIALISABLE`.

import { decodeValue, encodeValue } from "../values/codec/codec.js";
import type { OutcomeEnd } from "../work/outcome.js";
import { failureDataOf } from "../values/error-data.js";

/** `name` begins the path in errors. Throws `NOT_SERIALISABLE` and `VALUE_TOO_LARGE`. */
export const travelled = (value: unknown, name: string): unknown =>
  // Memory can be shared inside one process.
  decodeValue(encodeValue(value, { name, shares: true }), { takes: true });

export const travelledArguments = (args: readonly unknown[]): readonly unknown[] => {
  const copy = travelled(args, "args");
  return Array.isArray(copy) ? copy : args;
};

/** A value that cannot travel fails its task, and no retry can help. */
export function endedChecked(value: unknown, name: string, ended: (copy: unknown) => OutcomeEnd): OutcomeEnd {
  let copy: unknown;
  try {
    copy = travelled(value, name);
  } catch (error) {
    return { end: "failed", failure: failureDataOf(error), retry: "no" };
  }
  return ended(copy);
}
