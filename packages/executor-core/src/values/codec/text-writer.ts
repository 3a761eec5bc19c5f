// Owns: the short texts of an encoded value: joined into chunks, so that the decoder reads many at once.
// Does not own: long ones, which stand in the body.
// T1. No text lies across two chunks, so that the decoder knows without being told where one begins.

import { ByteWriter } from "./byte-writer.js";
import { CHUNK_CHARS } from "./format.js";

export class TextWriter {
  private readonly full = new ByteWriter();
  private readonly chunk = new Uint16Array(CHUNK_CHARS);
  private length = 0;
  /** All characters of the chunk, as one number: whether each fits into a byte. */
  private bits = 0;

  start(maxBytes: number): void {
    this.full.start(maxBytes);
    this.length = 0;
    this.bits = 0;
  }

  get isEmpty(): boolean {
    return this.length === 0 && this.full.at === 0;
  }

  add(text: string): void {
    const { chunk } = this;
    if (this.length + text.length > CHUNK_CHARS) this.writeChunk();
    let at = this.length;
    let bits = this.bits;
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      chunk[at++] = code;
      bits |= code;
    }
    this.length = at;
    this.bits = bits;
  }

  /** Moves all to `out`. */
  writeTo(out: ByteWriter): void {
    if (this.length > 0) this.writeChunk();
    out.reserve(this.full.at);
    out.raw(this.full.bytes.subarray(0, this.full.at));
    this.full.at = 0;
  }

  end(): void {
    this.full.end();
  }

  /** Varint characters * 2 + 1 where each has two bytes. */
  private writeChunk(): void {
    const { full, chunk, length } = this;
    const isNarrow = this.bits < 0x100;
    full.reserve(4 + length * 2);
    full.varint(length * 2 + (isNarrow ? 0 : 1));
    let { at } = full;
    const { bytes } = full;
    for (let i = 0; i < length; i++) {
      const code = chunk[i] ?? 0;
      bytes[at++] = code & 0xff;
      if (!isNarrow) bytes[at++] = code >>> 8;
    }
    full.at = at;
    this.length = 0;
    this.bits = 0;
  }
}
