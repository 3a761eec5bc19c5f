// Owns: a value outside user code: a primitive as it is, anything else as encoded bytes that nobody here reads.
// H1. What is held is exact (D8): what cannot be carried throws where it would be encoded.

import { decodeValue, type EncodedValue, encodeInParts, metaOf, type ValueMeta } from "@millrace/core/seam";

export type Primitive = string | number | bigint | boolean | null | undefined;
/** `length`: of a list, else -1. */
export type Packed = EncodedValue & { readonly length: number };
export type Held = Primitive | Packed;

/** A longer text is cheaper as bytes, and its size is checked. */
const TEXT_MAX = 1024;

export function isPrimitive(value: unknown): value is Primitive {
  switch (typeof value) {
    case "number":
    case "boolean":
    case "undefined":
      return true;
    case "string":
      return value.length <= TEXT_MAX;
    case "bigint":
      return value < 2n ** 64n && value > -(2n ** 64n);
    default:
      return value === null;
  }
}

export const isPacked = (held: Held): held is Packed => typeof held === "object" && held !== null;

/** What stands in a store of held values, which takes anything. */
export function isHeld(value: unknown): value is Held {
  return typeof value !== "object" || value === null ? isPrimitive(value) : "bytes" in value && "beside" in value;
}

/** `name` begins the path in errors. Throws `NOT_SERIALISABLE` and `VALUE_TOO_LARGE`. */
export function heldOf(value: unknown, name: string): Held {
  return isPrimitive(value) ? value : packed(value, name);
}

function packed(value: unknown, name: string): Packed {
  return { ...encodeInParts(value, { name, shares: true }), length: Array.isArray(value) ? value.length : -1 };
}

/** A primitive as bytes too, for a column in which not all are. */
export const packedOf = (held: Held): Packed => (isPacked(held) ? held : packed(held, "value"));

/** `takes`: the buffers become part of the value, which can then be read once only. */
export function valueOf(held: Held, takes: boolean): unknown {
  return isPacked(held) ? decodeValue(held, { takes }) : held;
}

/** An object is truthy, whatever it holds. */
export function metaOfHeld(held: Held): ValueMeta {
  if (!isPacked(held)) return metaOf(held);
  return held.length < 0 ? metaOf(held) : { length: held.length, truthy: true };
}
