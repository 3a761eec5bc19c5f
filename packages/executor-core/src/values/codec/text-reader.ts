// Owns: the short texts of an encoded value, chunk by chunk, in the order in which they were written.

import { readLatin1, readUtf16 } from "./native.js";
import { malformed } from "./value-errors.js";

export class TextReader {
  private chunk = "";
  private at = 0;
  private readonly bytes: Uint8Array;
  private next: number;
  private readonly end: number;

  constructor(bytes: Uint8Array, next: number, end: number) {
    this.bytes = bytes;
    this.next = next;
    this.end = end;
  }

  read(length: number): string {
    const { at } = this;
    const end = at + length;
    if (end > this.chunk.length) return this.first(length);
    this.at = end;
    return this.chunk.substring(at, end);
  }

  /** Of a new chunk. */
  private first(length: number): string {
    if (this.at !== this.chunk.length) throw malformed("a text ends in another chunk");
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.next++] ?? 0;
      head |= (byte & 0x7f) << shift;
      if (byte < 0x80) break;
      if (shift > 14) throw malformed("a chunk of texts is too long");
    }
    const end = this.next + (head >>> 1) * ((head & 1) + 1);
    if (end > this.end) throw malformed("there are too few texts");
    this.chunk = (head & 1) === 0 ? readLatin1(this.bytes, this.next, end) : readUtf16(this.bytes, this.next, end);
    this.next = end;
    if (length > this.chunk.length) throw malformed("a text is longer than its chunk");
    this.at = length;
    return this.chunk.substring(0, length);
  }
}
