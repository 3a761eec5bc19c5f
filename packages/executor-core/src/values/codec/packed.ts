// Owns: arrays of nothing but numbers, as elements of equal width.

import type { ByteWriter } from "./byte-writer.js";
import { TAG } from "./format.js";

export type PackedTag = typeof TAG.packedU8 | typeof TAG.packedI32 | typeof TAG.packedF64;

/** Shorter arrays gain nothing. */
const PACKED_MIN = 4;

/** How to pack the array; undefined where it has other elements too. It is dense and has no accessors. */
export function packedTag(list: readonly unknown[]): PackedTag | undefined {
  if (list.length < PACKED_MIN || typeof list[0] !== "number" || typeof list[list.length - 1] !== "number")
    return undefined;
  let isByte = true;
  let isInt = true;
  for (let i = 0; i < list.length; i++) {
    const value = list[i];
    if (typeof value !== "number") return undefined;
    if (isInt && ((value | 0) !== value || (value === 0 && 1 / value < 0))) isInt = false;
    if (isByte && (value < 0 || value > 255)) isByte = false;
  }
  if (!isInt) return TAG.packedF64;
  return isByte ? TAG.packedU8 : TAG.packedI32;
}

/** Tag, varint count, elements. */
export function writePacked(out: ByteWriter, tag: PackedTag, list: readonly unknown[]): void {
  out.reserve(9);
  out.u8(tag);
  out.varint(list.length);
  writeNumbers(out, tag, list);
}

export function writeNumbers(out: ByteWriter, tag: PackedTag, list: readonly unknown[]): void {
  out.reserve(list.length * widthOf(tag));
  for (let i = 0; i < list.length; i++) {
    const value = Number(list[i]);
    if (tag === TAG.packedF64) out.f64(value);
    else if (tag === TAG.packedI32) out.i32(value);
    else out.u8(value);
  }
}

export const isPackedTag = (tag: number): tag is PackedTag =>
  tag === TAG.packedU8 || tag === TAG.packedI32 || tag === TAG.packedF64;

export function widthOf(tag: PackedTag): number {
  switch (tag) {
    case TAG.packedU8:
      return 1;
    case TAG.packedI32:
      return 4;
    case TAG.packedF64:
      return 8;
    default:
      return tag satisfies never;
  }
}

/** Appends the elements to `target`. The bytes are there. */
export function readPacked(view: DataView, from: number, tag: PackedTag, count: number, target: unknown[]): void {
  switch (tag) {
    case TAG.packedU8:
      for (let i = 0; i < count; i++) target.push(view.getUint8(from + i));
      return;
    case TAG.packedI32:
      for (let i = 0; i < count; i++) target.push(view.getInt32(from + i * 4, true));
      return;
    case TAG.packedF64:
      for (let i = 0; i < count; i++) target.push(view.getFloat64(from + i * 8, true));
      return;
    default:
      tag satisfies never;
  }
}
