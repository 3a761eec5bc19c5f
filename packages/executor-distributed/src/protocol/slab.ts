// Owns: many small pieces of bytes as one piece and their lengths, copied from frame to frame without being read.
// S1. What is read is a view of the frame's memory: whoever keeps a piece beyond the frame copies it.
// S2. The lengths sum up to the slab.

import type { ByteReader } from "./byte-reader.js";
import { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import { COLUMNS_BYTES_MAX } from "./limits.js";
import { Opaque } from "./opaque.js";

export class Slab {
  readonly lengths: Column;
  readonly memory: Uint8Array;
  readonly from: number;
  private starts: Uint32Array | undefined;

  constructor(lengths: Column, memory: Uint8Array, from: number) {
    this.lengths = lengths;
    this.memory = memory;
    this.from = from;
  }

  static empty(length: number): Slab {
    return new Slab(Column.same(length, 0), new Uint8Array(0), 0);
  }

  get length(): number {
    return this.lengths.length;
  }

  get byteLength(): number {
    return this.lengths.sum();
  }

  /** Where the i-th piece begins in `memory`. */
  start(i: number): number {
    const { all } = this.lengths;
    if (all !== undefined) return this.from + all * i;
    this.starts ??= startsOf(this.lengths);
    return this.from + (this.starts[i] ?? 0);
  }

  at(i: number): Opaque {
    const start = this.start(i);
    return new Opaque(this.memory, start, start + this.lengths.at(i));
  }

  write(out: ByteWriter): void {
    this.lengths.write(out);
    const bytes = this.byteLength;
    out.varint(bytes);
    out.raw(this.memory, this.from, this.from + bytes);
  }

  /** Of `length` pieces (S2). */
  static read(from: ByteReader, length: number): Slab {
    const lengths = Column.read(from, length, COLUMNS_BYTES_MAX);
    const bytes = from.upTo(COLUMNS_BYTES_MAX);
    if (lengths.sum() !== bytes) throw from.fail("its lengths do not sum up to its slab");
    return new Slab(lengths, from.bytes, from.skip(bytes));
  }
}

function startsOf(lengths: Column): Uint32Array {
  const starts = new Uint32Array(lengths.length);
  let start = 0;
  for (let i = 0; i < starts.length; i++) {
    starts[i] = start;
    start += lengths.at(i);
  }
  return starts;
}

/** Copies what it is given. */
export class SlabBuilder {
  private readonly lengths = new ColumnBuilder();
  /** Small at first: most frames of one task have a few bytes. */
  private readonly out = new ByteWriter(64);

  get length(): number {
    return this.lengths.length;
  }

  get byteLength(): number {
    return this.out.at;
  }

  /** An empty piece. */
  skip(): void {
    this.lengths.push(0);
  }

  push({ memory, from, end }: Opaque): void {
    this.lengths.push(end - from);
    this.out.raw(memory, from, end);
  }

  /** A piece that is written here. */
  piece(write: (out: ByteWriter) => void): void {
    const from = this.out.at;
    write(this.out);
    this.lengths.push(this.out.at - from);
  }

  slab(): Slab {
    return new Slab(this.lengths.column(), this.out.bytes, 0);
  }
}
