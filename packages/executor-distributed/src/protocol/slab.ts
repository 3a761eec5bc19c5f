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
  /** Of all pieces, or -1. */
  private readonly each: number;
  private starts: Uint32Array | undefined;

  constructor(lengths: Column, memory: Uint8Array, from: number) {
    this.lengths = lengths;
    this.memory = memory;
    this.from = from;
    this.each = lengths.all ?? -1;
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
    if (this.each >= 0) return this.from + this.each * i;
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

const NOTHING = new Uint8Array(0);

/** Copies what it is given, at the latest in `slab`: pieces that lie one behind the other in the same memory at once. */
export class SlabBuilder {
  private readonly lengths = new ColumnBuilder();
  /** Small at first: most frames of one task have a few bytes. */
  private readonly out = new ByteWriter(64);
  /** Still to be copied. */
  private memory: Uint8Array = NOTHING;
  private from = 0;
  private end = 0;

  get length(): number {
    return this.lengths.length;
  }

  get byteLength(): number {
    return this.out.at + this.end - this.from;
  }

  /** An empty piece. */
  skip(): void {
    this.lengths.push(0);
  }

  push({ memory, from, end }: Opaque): void {
    this.lengths.push(end - from);
    if (memory === this.memory && from === this.end) this.end = end;
    else this.turnTo(memory, from, end);
  }

  slab(): Slab {
    this.turnTo(NOTHING, 0, 0);
    return new Slab(this.lengths.column(), this.out.bytes, 0);
  }

  private turnTo(memory: Uint8Array, from: number, end: number): void {
    this.out.raw(this.memory, this.from, this.end);
    this.memory = memory;
    this.from = from;
    this.end = end;
  }
}
