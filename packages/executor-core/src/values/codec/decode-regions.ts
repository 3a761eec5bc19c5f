// Owns: the buffers of an encoded value, made again with what they share.

import { SPAN } from "./format.js";
import type { Beside } from "./regions.js";
import { malformed } from "./value-errors.js";

export type ReadRegion = { readonly buffer: ArrayBufferLike; readonly from: number; readonly length: number };

export class RegionReader {
  private readonly regions: ReadRegion[] = [];
  private next = 0;
  private at: number;
  private readonly bytes: Uint8Array;
  private readonly end: number;

  /** `takes`: what lies beside becomes part of the value; else a copy of it does. Throws `VALUE_MALFORMED`. */
  constructor(bytes: Uint8Array, from: number, end: number, beside: readonly Beside[], takes: boolean) {
    this.bytes = bytes;
    this.end = end;
    this.at = from;
    const buffers: ArrayBufferLike[] = [];
    const unused = beside[Symbol.iterator]();
    for (let left = this.varint(); left > 0; left--) buffers.push(this.buffer(unused, takes));
    for (let left = this.varint(); left > 0; left--) this.regions.push(this.region(buffers));
    if (this.at !== end || unused.next().done !== true) throw malformed("its buffers are not what it says");
  }

  read(): ReadRegion {
    const region = this.regions[this.next++];
    if (region === undefined) throw malformed("it has too few buffers");
    return region;
  }

  private buffer(beside: Iterator<Beside>, takes: boolean): ArrayBufferLike {
    const how = this.bytes[this.at++];
    if (how === SPAN.inline) {
      const from = this.at_(this.varint());
      return this.bytes.slice(from, this.at).buffer;
    }
    const next = beside.next();
    const isShared = next.value instanceof SharedArrayBuffer;
    if (next.done === true || how !== (isShared ? SPAN.shared : SPAN.beside))
      throw malformed("a buffer is missing beside it");
    return takes || isShared ? next.value : next.value.slice(0);
  }

  private region(buffers: readonly ArrayBufferLike[]): ReadRegion {
    const buffer = buffers[this.varint()];
    const from = this.varint();
    const length = this.varint();
    if (buffer === undefined || from + length > buffer.byteLength) throw malformed("a view does not fit its buffer");
    return { buffer, from, length };
  }

  /** Goes on by `length`; gives where it was. */
  private at_(length: number): number {
    const from = this.at;
    this.at += length;
    if (this.at > this.end) throw malformed("a buffer is cut short");
    return from;
  }

  private varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes[this.at++];
      if (byte === undefined || this.at > this.end || factor > 2 ** 42) throw malformed("its tables are cut short");
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}
