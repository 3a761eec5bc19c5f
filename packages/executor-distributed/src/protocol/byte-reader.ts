// Owns: reading numbers and texts out of a frame's body, or refusing them.
// R1. No count is believed before the bytes for it are there, and none above its cap.

import { ProtocolError } from "./protocol-error.js";

/** Characters made at a time: more arguments than that overflow the stack. */
const CHUNK = 4_096;

export class ByteReader {
  readonly bytes: Uint8Array;
  at: number;
  readonly end: number;
  private readonly view: DataView;
  /** What is being read, for errors. */
  where: string;

  constructor(bytes: Uint8Array, from: number, end: number, where: string) {
    this.bytes = bytes;
    this.at = from;
    this.end = end;
    this.where = where;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  fail(what: string): ProtocolError {
    return new ProtocolError("FRAME_INVALID", `${this.where}: ${what}`);
  }

  /** The place of `count` bytes, which are passed over. */
  skip(count: number): number {
    const from = this.at;
    if (count > this.end - from) throw this.fail("it ends too early");
    this.at = from + count;
    return from;
  }

  u8(): number {
    const at = this.at++;
    if (at >= this.end) throw this.fail("it ends too early");
    return this.bytes[at] ?? 0;
  }

  f64(): number {
    return this.view.getFloat64(this.skip(8), true);
  }

  varint(): number {
    const first = this.u8();
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let factor = 128; ; factor *= 128) {
      const byte = this.u8();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
      if (factor >= 2 ** 49) throw this.fail("a number is too long");
    }
    if (value > Number.MAX_SAFE_INTEGER) throw this.fail("a number is too large");
    return value;
  }

  zigzag(): number {
    const value = this.varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  /** A varint of at most `max`. */
  upTo(max: number): number {
    const value = this.varint();
    if (value > max) throw this.fail("a number is above its cap");
    return value;
  }

  /** How many parts follow, each of at least `bytesEach` (R1). */
  count(max: number, bytesEach: number): number {
    const count = this.upTo(max);
    if (count * bytesEach > this.end - this.at) throw this.fail("it has fewer parts than it says");
    return count;
  }

  text(max: number): string {
    const head = this.upTo(max * 2 + 1);
    const isWide = (head & 1) === 1;
    const length = head >>> 1;
    const from = this.skip(isWide ? length * 2 : length);
    if (!isWide) return textOf(this.bytes.subarray(from, from + length));
    const codes = new Uint16Array(length);
    for (let i = 0; i < length; i++) codes[i] = this.view.getUint16(from + i * 2, true);
    return textOf(codes);
  }

  /** A view of a block's bytes. */
  block(max: number): Uint8Array {
    const length = this.upTo(max);
    const from = this.skip(length);
    return this.bytes.subarray(from, from + length);
  }
}

function textOf(codes: Uint8Array | Uint16Array): string {
  let text = "";
  for (let from = 0; from < codes.length; from += CHUNK) {
    const piece: string = Reflect.apply(String.fromCharCode, undefined, codes.subarray(from, from + CHUNK));
    text += piece;
  }
  return text;
}
