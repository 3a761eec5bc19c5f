// Owns: values that a client puts, as their pieces come.
// P1. Memory is taken for what has come, not for what was said to come; pieces come in order, or the value is refused.

import { type EncodedValue, MillraceError, type ValueMeta } from "@millrace/core/seam";
import type { FromClient } from "../protocol/messages.js";

/** What was encoded where it was made: it is kept as it is. */
export class EncodedPut {
  readonly encoded: EncodedValue;
  readonly meta: ValueMeta;

  constructor(encoded: EncodedValue, meta: ValueMeta) {
    this.encoded = encoded;
    this.meta = meta;
  }
}

type Piece = Extract<FromClient, { readonly kind: "put" }>;

export class ReceivedPuts {
  private readonly open = new Map<number, Uint8Array[]>();

  /** The value, when its last piece has come. Throws `PUT_REFUSED`. */
  add({ node, meta, parts, offset, bytes }: Piece): EncodedPut | undefined {
    const total = parts.reduce((sum, part) => sum + part, 0);
    const pieces = this.open.get(node) ?? [];
    const got = pieces.reduce((sum, { length }) => sum + length, 0);
    if (offset !== got || got + bytes.length > total)
      throw new MillraceError("PUT_REFUSED", `a piece of the value of node ${node} is not what was to come next`);
    // A copy: a frame's memory is not held for it.
    pieces.push(bytes.slice());
    this.open.set(node, pieces);
    if (got + bytes.length < total) return undefined;
    this.open.delete(node);
    return new EncodedPut(encodedOf(pieces, parts), meta);
  }
}

function encodedOf(pieces: readonly Uint8Array[], parts: readonly number[]): EncodedValue {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  const split: Uint8Array<ArrayBuffer>[] = [];
  at = 0;
  for (const length of parts) {
    split.push(whole.slice(at, at + length));
    at += length;
  }
  const [bytes = new Uint8Array(0), ...beside] = split;
  return { bytes, beside: beside.map(({ buffer }) => buffer) };
}
