// Owns: writing what has no parts: dates, regular expressions, URLs, boxed primitives, buffers and views.
// L1. None of them may have a property of its own: it would be lost.
// Casts: the kind of an object says what it is.

import { VIEW_CLASSES } from "./constructors.js";
import * as refuse from "./describe.js";
import type { Encoder } from "./encoder.js";
import { TAG } from "./format.js";
import type { Leaf } from "./kinds.js";
import { hasNamedProperties, isSharedArrayBuffer } from "./native.js";

const timeOf = Date.prototype.getTime;

export function writeLeaf(encoder: Encoder, kind: Leaf, leaf: object): void {
  const { out } = encoder;
  if (hasNamedProperties(leaf)) encoder.refuseHere(refuse.extraProperty(nameOf(kind)));
  out.reserve(16);
  switch (kind.kind) {
    case "date":
      out.u8(TAG.date);
      return out.f64(timeOf.call(leaf as Date));
    case "regexp":
      return writeRegExp(encoder, leaf as RegExp);
    case "url":
      out.u8(TAG.url);
      return encoder.text(String(Reflect.get(URL.prototype, "href", leaf)));
    case "urlSearchParams":
      out.u8(TAG.urlSearchParams);
      return encoder.text(URLSearchParams.prototype.toString.call(leaf));
    case "boxed":
      out.u8(TAG.boxed);
      return encoder.value(unboxed(leaf));
    case "buffer":
      return writeBuffer(encoder, leaf as ArrayBufferLike);
    case "view":
      return writeView(encoder, leaf as ArrayBufferView, kind.code);
    default:
      return kind satisfies never;
  }
}

function writeRegExp(encoder: Encoder, regexp: RegExp): void {
  encoder.out.u8(TAG.regexp);
  encoder.text(String(Reflect.get(RegExp.prototype, "source", regexp)));
  encoder.text(String(Reflect.get(RegExp.prototype, "flags", regexp)));
  encoder.part("lastIndex", regexp.lastIndex);
}

/** The prototypes' own methods: what a user puts on a prototype is not asked. */
const boxes: readonly { readonly prototype: object; readonly valueOf: () => unknown }[] = [
  { prototype: Number.prototype, valueOf: Number.prototype.valueOf },
  { prototype: String.prototype, valueOf: String.prototype.valueOf },
  { prototype: Boolean.prototype, valueOf: Boolean.prototype.valueOf },
  { prototype: BigInt.prototype, valueOf: BigInt.prototype.valueOf },
];

function unboxed(leaf: object): unknown {
  const prototype: unknown = Object.getPrototypeOf(leaf);
  return boxes.find((each) => each.prototype === prototype)?.valueOf.call(leaf);
}

function writeBuffer(encoder: Encoder, buffer: ArrayBufferLike): void {
  checkBuffer(encoder, buffer);
  encoder.out.u8(TAG.arrayBuffer);
  encoder.regions.addBuffer(buffer);
}

function writeView(encoder: Encoder, view: ArrayBufferView, code: number): void {
  checkBuffer(encoder, view.buffer);
  encoder.out.u8(TAG.view);
  encoder.out.u8(code);
  encoder.regions.addView(view.buffer, view.byteOffset, view.byteLength);
}

function checkBuffer(encoder: Encoder, buffer: ArrayBufferLike): void {
  if (isSharedArrayBuffer(buffer)) {
    if (!encoder.shares) encoder.refuseHere(refuse.shared);
    if (Reflect.get(buffer, "growable") === true) encoder.refuseHere(refuse.resizable);
    return;
  }
  if (Reflect.get(buffer, "resizable") === true) encoder.refuseHere(refuse.resizable);
  if (buffer.byteLength === 0 && isDetached(buffer)) encoder.refuseHere(refuse.detached);
}

/** `ArrayBuffer.prototype.detached` came after Node 20. */
function isDetached(buffer: ArrayBufferLike): boolean {
  try {
    return new Uint8Array(buffer).length > 0;
  } catch {
    return true;
  }
}

function nameOf(kind: Leaf): string {
  switch (kind.kind) {
    case "date":
      return "a Date";
    case "regexp":
      return "a RegExp";
    case "url":
      return "a URL";
    case "urlSearchParams":
      return "URLSearchParams";
    case "boxed":
      return "a boxed primitive";
    case "buffer":
      return "a buffer";
    case "view":
      return `a ${VIEW_CLASSES[kind.code]?.name ?? "Buffer"}`;
    default:
      return kind satisfies never;
  }
}
