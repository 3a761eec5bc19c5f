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
type Open = { readonly parts: readonly number[]; readonly total: number; readonly pieces: Uint8Array[]; got: number };

export class ReceivedPuts {
  private readonly open = new Map<number, Open>();

  /** The value, when its last piece has come. Throws `PUT_REFUSED`. */
  add({ node, meta, parts, offset, bytes }: Piece): EncodedPut | undefined {
    const open = this.open.get(node) ?? { parts, total: sumOf(parts), pieces: [], got: 0 };
    if (offset !== open.got || open.got + bytes.length > open.total)
      throw new MillraceError("PUT_REFUSED", `a piece of the value of node ${node} is not what was to come next`);
    // A copy: a frame's memory is not held for it.
    open.pieces.push(bytes.slice());
    open.got += bytes.length;
    this.open.set(node, open);
    if (open.got < open.total) return undefined;
    this.open.delete(node);
    return new EncodedPut(encodedOf(open), meta);
  }
}

const sumOf = (lengths: readonly number[]): number => lengths.reduce((sum, length) => sum + length, 0);

function encodedOf({ pieces, parts, total }: Open): EncodedValue {
  const whole = new Uint8Array(total);
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
