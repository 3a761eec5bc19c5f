// Owns: reading a list that was encoded in parts (D3): its length, and one element or a range of it as bytes that nobody
//       decodes. Does not own: making one (`encode-parts`), what is in a part (`decoder`).
// P1. A part is an encoded value of its own: no reference leads out of it.

import type { Caps } from "./caps.js";
import { FLAG, HEAD, HEAD_BYTES, TAG } from "./format.js";
import { type PackedTag, isPackedTag, readPacked, widthOf } from "./packed.js";
import type { Beside } from "./regions.js";
import { ValueTooLarge, malformed } from "./value-errors.js";

type Encoded = { readonly bytes: Uint8Array<ArrayBuffer>; readonly beside: readonly Beside[] };

/** Tag and count, count, in front of the elements or the offsets. */
export const PACKED_HEAD = HEAD_BYTES + 5;
export const LIST_HEAD = HEAD_BYTES + 4;

type Packed = { readonly kind: "packed"; readonly count: number; readonly tag: PackedTag };
type List = { readonly kind: "list"; readonly count: number; readonly hasBeside: boolean; readonly from: number };
type Parts = (Packed | List) & { readonly view: DataView };

export const isParts = (flags: number): boolean => (flags & (FLAG.list | FLAG.packedList)) !== 0;

/** How many elements it has; undefined: it is not in parts, and only who decodes it can tell. */
export function lengthOfParts({ bytes }: Encoded): number | undefined {
  return isParts(bytes[1] ?? 0) ? readParts(bytes).count : undefined;
}

/** Whether its elements are numbers, which may be read all at once: nobody can change one for another. */
export const isPackedList = ({ bytes }: Encoded): boolean => bytes[1] === FLAG.packedList;

/** One element, as an encoded value. Throws `VALUE_MALFORMED`, also for an index that it does not have. */
export function elementOf(encoded: Encoded, index: number): Encoded {
  const parts = readParts(encoded.bytes);
  checkRange(parts, index, index + 1);
  return parts.kind === "packed" ? numberAt(parts, index) : partAt(parts, encoded, index);
}

/** The elements from `from` on and before `to`, as a list in parts. Throws `VALUE_MALFORMED`. */
export function rangeOf(encoded: Encoded, from: number, to: number): Encoded {
  const parts = readParts(encoded.bytes);
  checkRange(parts, from, to);
  return parts.kind === "packed" ? packedRange(parts, encoded, from, to) : listRange(parts, encoded, from, to);
}

/** The whole list, each part read by `decode`. */
export function decodeParts(encoded: Encoded, caps: Caps, decode: (part: Encoded) => unknown): unknown[] {
  const parts = readParts(encoded.bytes);
  if (parts.count > caps.maxNodes) throw new ValueTooLarge("maxNodes", caps.maxNodes, "the length of an encoded list");
  const list: unknown[] = [];
  if (parts.kind === "packed") readPacked(parts.view, PACKED_HEAD, parts.tag, parts.count, list);
  else for (let i = 0; i < parts.count; i++) list.push(decode(partAt(parts, encoded, i)));
  return list;
}

function readParts(bytes: Uint8Array): Parts {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const [head, flags] = bytes;
  if (head === HEAD && flags === FLAG.packedList && bytes.length >= PACKED_HEAD)
    return { view, ...readPackedHead(bytes, view) };
  const isList = flags === FLAG.list || flags === (FLAG.list | FLAG.besideTable);
  if (head === HEAD && isList && bytes.length >= LIST_HEAD)
    return { view, ...readListHead(bytes, view, flags !== FLAG.list) };
  throw malformed("it is no list in parts");
}

function readPackedHead(bytes: Uint8Array, view: DataView): Packed {
  const tag = view.getUint8(HEAD_BYTES);
  const count = view.getUint32(HEAD_BYTES + 1, true);
  if (!isPackedTag(tag) || PACKED_HEAD + count * widthOf(tag) !== bytes.length)
    throw malformed("a list of numbers is cut short");
  return { kind: "packed", count, tag };
}

function readListHead(bytes: Uint8Array, view: DataView, hasBeside: boolean): List {
  const count = view.getUint32(HEAD_BYTES, true);
  const from = LIST_HEAD + 4 * (count + 1) * (hasBeside ? 2 : 1);
  const list: List = { kind: "list", count, hasBeside, from };
  if (from > bytes.length || offsetAt(view, 0) !== 0 || from + offsetAt(view, count) !== bytes.length)
    throw malformed("a list in parts is cut short");
  return list;
}

function checkRange({ count }: Parts, from: number, to: number): void {
  const isRange = Number.isSafeInteger(from) && Number.isSafeInteger(to) && from >= 0 && from <= to && to <= count;
  if (!isRange) throw malformed(`it has ${count} elements, not those from ${from} to ${to}`);
}

const offsetAt = (view: DataView, index: number): number => view.getUint32(LIST_HEAD + 4 * index, true);
const besideAt = ({ view, count, hasBeside }: List & { readonly view: DataView }, index: number): number =>
  hasBeside ? view.getUint32(LIST_HEAD + 4 * (count + 1 + index), true) : 0;

function numberAt({ view, tag }: Packed & { readonly view: DataView }, index: number): Encoded {
  const [value] = numbersAt(view, tag, index);
  const bytes = new Uint8Array(HEAD_BYTES + 9);
  bytes[0] = HEAD;
  bytes[HEAD_BYTES] = TAG.f64;
  new DataView(bytes.buffer).setFloat64(HEAD_BYTES + 1, Number(value), true);
  return { bytes, beside: [] };
}

function numbersAt(view: DataView, tag: PackedTag, index: number): readonly unknown[] {
  const found: unknown[] = [];
  readPacked(view, PACKED_HEAD + index * widthOf(tag), tag, 1, found);
  return found;
}

function partAt(list: List & { readonly view: DataView }, { bytes, beside }: Encoded, index: number): Encoded {
  const [from, to] = [offsetAt(list.view, index), offsetAt(list.view, index + 1)];
  if (from > to || list.from + to > bytes.length) throw malformed("the offsets of a list are wrong");
  return {
    bytes: bytes.slice(list.from + from, list.from + to),
    beside: list.hasBeside ? beside.slice(besideAt(list, index), besideAt(list, index + 1)) : [],
  };
}

function packedRange({ tag }: Packed, { bytes }: Encoded, from: number, to: number): Encoded {
  const width = widthOf(tag);
  const range = new Uint8Array(PACKED_HEAD + (to - from) * width);
  range.set(bytes.subarray(0, HEAD_BYTES + 1));
  new DataView(range.buffer).setUint32(HEAD_BYTES + 1, to - from, true);
  range.set(bytes.subarray(PACKED_HEAD + from * width, PACKED_HEAD + to * width), PACKED_HEAD);
  return { bytes: range, beside: [] };
}

function listRange(
  list: List & { readonly view: DataView },
  { bytes, beside }: Encoded,
  from: number,
  to: number,
): Encoded {
  const [first, last] = [offsetAt(list.view, from), offsetAt(list.view, to)];
  if (first > last || list.from + last > bytes.length) throw malformed("the offsets of a list are wrong");
  const ends: number[] = [];
  const besideEnds: number[] = [];
  for (let i = from; i < to; i++) {
    ends.push(offsetAt(list.view, i + 1) - first);
    besideEnds.push(besideAt(list, i + 1) - besideAt(list, from));
  }
  return {
    bytes: listMessage(
      ends,
      list.hasBeside ? besideEnds : undefined,
      bytes.subarray(list.from + first, list.from + last),
    ),
    beside: beside.slice(besideAt(list, from), besideAt(list, to)),
  };
}

/** Where each part ends, how many buffers lie beside up to each, and the parts one behind another. */
export function listMessage(
  ends: readonly number[],
  besideEnds: readonly number[] | undefined,
  parts: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const from = LIST_HEAD + 4 * (ends.length + 1) * (besideEnds === undefined ? 1 : 2);
  const bytes = new Uint8Array(from + parts.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = HEAD;
  bytes[1] = besideEnds === undefined ? FLAG.list : FLAG.list | FLAG.besideTable;
  view.setUint32(HEAD_BYTES, ends.length, true);
  for (const [i, end] of ends.entries()) view.setUint32(LIST_HEAD + 4 * (i + 1), end, true);
  for (const [i, end] of (besideEnds ?? []).entries()) view.setUint32(LIST_HEAD + 4 * (ends.length + 2 + i), end, true);
  bytes.set(parts, from);
  return bytes;
}
