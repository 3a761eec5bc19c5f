// Owns: encoding a list element by element (D3), so that a map can send each child its own.
// Does not own: taking it apart (`list-parts`).
// L1. Exact all the same: a list whose elements share an object or memory, or that has holes or properties of its own, is
//     encoded as a whole, and its consumers decode the whole.

import { type EncodeOptions, type EncodedValue, encodeValue, withEncoder } from "./codec.js";
import { isDense } from "./encode-list.js";
import type { Encoder } from "./encoder.js";
import { FLAG, HEAD } from "./format.js";
import { listMessage } from "./list-parts.js";
import { isProxy } from "./native.js";
import { packedTag, writeNumbers } from "./packed.js";
import { type Beside, moveGivenUp } from "./regions.js";

/** In parts where that is the same value, else as `encodeValue` does; any value is taken. Throws what that throws. */
export function encodeInParts(value: unknown, options: EncodeOptions = {}): EncodedValue {
  if (!isProxy(value) && Array.isArray(value) && Object.getPrototypeOf(value) === Array.prototype && isDense(value)) {
    const list: readonly unknown[] = value;
    const encoded = withEncoder(options, (encoder) => packed(encoder, list) ?? parts(encoder, list));
    if (encoded !== undefined) return encoded;
  }
  return encodeValue(value, options);
}

function packed({ out }: Encoder, list: readonly unknown[]): EncodedValue | undefined {
  const tag = packedTag(list);
  if (tag === undefined) return undefined;
  out.reserve(7);
  out.u8(HEAD);
  out.u8(FLAG.packedList);
  out.u8(tag);
  out.u32(list.length);
  writeNumbers(out, tag, list);
  return { bytes: out.copy(), beside: [] };
}

/** Undefined: its elements share something. */
function parts(encoder: Encoder, list: readonly unknown[]): EncodedValue | undefined {
  if (Object.getOwnPropertySymbols(list).length > 0) return undefined;
  encoder.outer(list);
  const ends: number[] = [];
  const besideEnds: number[] = [];
  const beside: Beside[] = [];
  for (let i = 0; i < list.length; i++) {
    beside.push(...encoder.message(list[i], i));
    if (encoder.hasOuterRef) return undefined;
    ends.push(encoder.out.at);
    besideEnds.push(beside.length);
  }
  const { out } = encoder;
  const bytes = listMessage(ends, beside.length === 0 ? undefined : besideEnds, out.bytes.subarray(0, out.at));
  return { bytes, beside: moveGivenUp(beside) };
}
