// Owns: the few things about values that JavaScript itself cannot say or do fast: whether an object is a proxy or really of
//       the kind that its prototype says, and turning texts into bytes and back.
// N1. The one file of the pure folders that imports node:*; all of it is a function of its input.
// A cast: the methods of Buffer that read and write one encoding are public, but not in the types.

import { Buffer } from "node:buffer";
import { inspect, types } from "node:util";

export const { isProxy, isMap, isSet, isDate, isRegExp, isNativeError, isBoxedPrimitive } = types;
export const { isAnyArrayBuffer, isSharedArrayBuffer, isArrayBufferView, isModuleNamespaceObject } = types;

export const bufferPrototype: object = Buffer.prototype;

/** Bytes that share their memory with nothing; their content is not defined. */
export const allocate = (length: number): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.allocUnsafeSlow(length).buffer);
export const asBuffer = (memory: ArrayBufferLike, offset: number, length: number): Buffer =>
  Buffer.from(memory, offset, length);

interface TextMethods {
  latin1Slice(this: Uint8Array, from: number, to: number): string;
  ucs2Slice(this: Uint8Array, from: number, to: number): string;
  latin1Write(this: Uint8Array, text: string, at: number): number;
  ucs2Write(this: Uint8Array, text: string, at: number): number;
}
const text = Buffer.prototype as unknown as TextMethods;

/** They take any bytes, not only a Buffer's. */
export const readLatin1 = (bytes: Uint8Array, from: number, to: number): string =>
  text.latin1Slice.call(bytes, from, to);
export const readUtf16 = (bytes: Uint8Array, from: number, to: number): string => text.ucs2Slice.call(bytes, from, to);
export const writeLatin1 = (bytes: Uint8Array, value: string, at: number): number =>
  text.latin1Write.call(bytes, value, at);
export const writeUtf16 = (bytes: Uint8Array, value: string, at: number): number =>
  text.ucs2Write.call(bytes, value, at);

const beyondLatin1 = /[^\0-\xff]/;

export const isLatin1 = (value: string): boolean => !beyondLatin1.test(value);

/** Whether an object without parts has a property of its own. */
export function hasNamedProperties(leaf: object): boolean {
  const elements = types.isTypedArray(leaf) || leaf instanceof String ? leaf.length : 0;
  return elements > LISTED && !(leaf instanceof String)
    ? hasMoreThanElements(leaf)
    : Object.keys(leaf).length !== elements;
}

/** Of this many elements and fewer it is quicker to list the keys. */
export const LISTED = 128;

/**
 * Whether an array or a view with elements has other properties too. Its keys would be its elements first, one text each: its
 * picture without elements is shorter.
 */
export function hasMoreThanElements(list: object): boolean {
  const picture = inspect(list, { maxArrayLength: 0, depth: 0, customInspect: false, breakLength: Infinity });
  return !/ more items? ]$/.test(picture);
}
