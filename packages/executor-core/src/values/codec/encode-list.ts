// Owns: writing arrays: packed numbers, plain lists, and those with holes or properties of their own.
// Does not own: packing (`packed`).
// A1. The keys of an array tell at once whether it has holes or other properties: indices come first, in order. On long
//     ones only what reads as undefined is asked whether it is there.

import { aHidden, anAccessor, isAccessor } from "./describe.js";
import type { Encoder } from "./encoder.js";
import { TAG } from "./format.js";
import { LISTED, hasMoreThanElements } from "./native.js";
import { packedTag, writePacked } from "./packed.js";

/** Many times faster than a descriptor where the key is an index. */
const lookupGetter: (this: object, key: number) => unknown = Reflect.get(Object.prototype, "__lookupGetter__");

export function writeList(encoder: Encoder, object: object): void {
  if (!Array.isArray(object)) return;
  const list: readonly unknown[] = object;
  const count = list.length;
  if (!isDense(list)) return writeSparse(encoder, list, Object.keys(list));
  encoder.countNodes(count);
  const { out } = encoder;
  const packed = packedTag(list);
  if (packed !== undefined) return writePacked(out, packed, list);
  out.reserve(10);
  out.u8(TAG.list);
  out.varint(count);
  for (let i = 0; i < count; i++) encoder.part(i, list[i]);
}

/** Whether the elements are all there is, data all of them; else the sparse form finds out. */
export function isDense(list: readonly unknown[]): boolean {
  const count = list.length;
  if (count <= LISTED) {
    const keys = Object.keys(list);
    if (keys.length !== count || (count > 0 && keys[count - 1] !== String(count - 1))) return false;
  } else if (hasMoreThanElements(list)) return false;
  // A hole and an element with a setter only read as undefined.
  for (let i = 0; i < count; i++) {
    if (lookupGetter.call(list, i) !== undefined) return false;
    if (list[i] === undefined && !isPlain(Object.getOwnPropertyDescriptor(list, i))) return false;
  }
  return true;
}

const isPlain = (property: PropertyDescriptor | undefined): boolean =>
  property !== undefined && property.enumerable === true && !isAccessor(property);

function writeSparse(encoder: Encoder, list: readonly unknown[], keys: readonly string[]): void {
  const { out } = encoder;
  // All but `length`.
  if (Object.getOwnPropertyNames(list).length - 1 !== keys.length) encoder.refuseHere(aHidden);
  encoder.countNodes(keys.length);
  out.reserve(20);
  out.u8(TAG.sparse);
  out.varint(list.length);
  out.varint(keys.length);
  for (const key of keys) {
    const property = Object.getOwnPropertyDescriptor(list, key);
    const at = isIndex(key) ? Number(key) : key;
    if (property === undefined || isAccessor(property)) return encoder.refuseHere(anAccessor, at);
    encoder.value(at);
    encoder.part(at, property.value);
  }
}

function isIndex(key: string): boolean {
  const index = Number(key) >>> 0;
  return String(index) === key && index !== 0xffff_ffff;
}
