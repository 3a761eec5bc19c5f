// Owns: bytes that grow, and numbers written into them.
// W1. Whoever writes has reserved room before: a write past the end of a typed array is silent.

import { TAG } from "./format.js";
import { allocate, writeLatin1, writeUtf16 } from "./native.js";
import { ValueTooLarge } from "./value-errors.js";

const START_BYTES = 4_096;
const SLICED_BYTES = 8_192;
/** More is let go after use. */
const KEPT_BYTES = 4_194_304;

export class ByteWriter {
  bytes = allocate(START_BYTES);
  at = 0;
  private view = new DataView(this.bytes.buffer);
  private maxBytes = 0;

  start(maxBytes: number): void {
    this.at = 0;
    this.maxBytes = maxBytes;
  }

  /** The bytes so far, which share their memory with nothing. */
  copy(): Uint8Array<ArrayBuffer> {
    const { bytes, at } = this;
    // Below that a slice is quicker; above it, not to clear the memory first.
    if (at < SLICED_BYTES) return bytes.slice(0, at);
    const copy = allocate(at);
    copy.set(bytes.subarray(0, at));
    return copy;
  }

  end(): void {
    if (this.bytes.length > KEPT_BYTES) this.replace(allocate(START_BYTES));
  }

  /** Throws `VALUE_TOO_LARGE`. */
  reserve(count: number): void {
    const needed = this.at + count;
    if (needed <= this.bytes.length) return;
    if (needed > this.maxBytes) throw new ValueTooLarge("maxBytes", this.maxBytes, "an encoded value");
    const larger = allocate(Math.min(Math.max(needed, this.bytes.length * 2), this.maxBytes));
    larger.set(this.bytes.subarray(0, this.at));
    this.replace(larger);
  }

  u8(value: number): void {
    this.bytes[this.at++] = value;
  }

  u32(value: number): void {
    this.view.setUint32(this.at, value, true);
    this.at += 4;
  }

  i32(value: number): void {
    this.view.setInt32(this.at, value, true);
    this.at += 4;
  }

  f64(value: number): void {
    this.view.setFloat64(this.at, value, true);
    this.at += 8;
  }

  /** Up to 8 bytes; the value is a safe integer from 0 on. */
  varint(value: number): void {
    let rest = value;
    while (rest >= 0x80) {
      this.bytes[this.at++] = (rest & 0x7f) | 0x80;
      rest = rest < 0x8000_0000 ? rest >>> 7 : Math.floor(rest / 128);
    }
    this.bytes[this.at++] = rest;
  }

  /** With its tag; needs 9 bytes. */
  number(value: number): void {
    if ((value | 0) === value && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value < 0x80) {
        this.bytes[this.at++] = value;
      } else if (value >= 0 && value < 0x1_0000) {
        this.bytes[this.at++] = TAG.u16;
        this.bytes[this.at++] = value & 0xff;
        this.bytes[this.at++] = value >>> 8;
      } else {
        this.bytes[this.at++] = TAG.i32;
        this.i32(value);
      }
    } else {
      this.bytes[this.at++] = TAG.f64;
      this.f64(value);
    }
  }

  latin1(text: string): void {
    this.at += writeLatin1(this.bytes, text, this.at);
  }

  utf16(text: string): void {
    this.at += writeUtf16(this.bytes, text, this.at);
  }

  raw(bytes: Uint8Array): void {
    this.bytes.set(bytes, this.at);
    this.at += bytes.length;
  }

  private replace(bytes: Uint8Array<ArrayBuffer>): void {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer);
  }
}
