// Owns: bytes that grow, and numbers and texts written into them.
// W1. `reserve` comes before every write: one past the end of a typed array is silent.
// W2. Texts are exact, lone surrogates included: one byte a character where all fit, else two.

import { ProtocolError } from "./protocol-error.js";

const START_BYTES = 1_024;
/** Up to here it grows quickly. */
const SMALL_BYTES = 4_096;
/** More is let go after use. */
const KEPT_BYTES = 1_048_576;

export class ByteWriter {
  bytes: Uint8Array<ArrayBuffer>;
  view: DataView;
  at = 0;

  constructor(startBytes = START_BYTES) {
    this.bytes = new Uint8Array(startBytes);
    this.view = new DataView(this.bytes.buffer);
  }

  /** Memory of its own, and the writer is empty again. */
  take(): Uint8Array<ArrayBuffer> {
    const taken = this.bytes.slice(0, this.at);
    this.at = 0;
    if (this.bytes.length > KEPT_BYTES) this.grow(START_BYTES);
    return taken;
  }

  reserve(count: number): void {
    const needed = this.at + count;
    if (needed > this.bytes.length)
      this.grow(Math.max(needed, this.bytes.length * (this.bytes.length < SMALL_BYTES ? 8 : 2)));
  }

  u8(value: number): void {
    this.reserve(1);
    this.bytes[this.at++] = value;
  }

  f64(value: number): void {
    this.reserve(8);
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** A safe integer from 0 on; at most 8 bytes. */
  varint(value: number): void {
    this.reserve(8);
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  /** A safe integer between -2^52 and 2^52: small ones of either sign are short. */
  zigzag(value: number): void {
    this.varint(value < 0 ? -value * 2 - 1 : value * 2);
  }

  text(text: string, max: number): void {
    const { length } = text;
    if (length > max)
      throw new ProtocolError(
        "FRAME_TOO_LARGE",
        `a text has ${length} characters, more than ${max}: a name, slug, tag, label or key has to be shorter`,
      );
    let bits = 0;
    for (let i = 0; i < length; i++) bits |= text.charCodeAt(i);
    const isWide = bits > 0xff;
    this.varint(length * 2 + (isWide ? 1 : 0));
    this.reserve(length * 2);
    const { bytes } = this;
    let { at } = this;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      bytes[at++] = code & 0xff;
      if (isWide) bytes[at++] = code >>> 8;
    }
    this.at = at;
  }

  /** `from .. end - 1` of other memory. */
  raw(memory: Uint8Array, from = 0, end = memory.length): void {
    const count = end - from;
    this.reserve(count);
    const { bytes, at } = this;
    this.at = at + count;
    // A call costs more than a few bytes.
    if (count > 32) bytes.set(memory.subarray(from, end), at);
    else for (let i = 0; i < count; i++) bytes[at + i] = memory[from + i] ?? 0;
  }

  /** With their length. */
  block(memory: Uint8Array, from = 0, end = memory.length): void {
    this.varint(end - from);
    this.raw(memory, from, end);
  }

  private grow(length: number): void {
    const grown = new Uint8Array(length);
    grown.set(this.bytes.subarray(0, this.at));
    this.bytes = grown;
    this.view = new DataView(grown.buffer);
  }
}
