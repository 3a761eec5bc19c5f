// Owns: one number a row, as narrow as their spread needs; equal and counting ones take no room at all.
// C1. A column knows how many rows it has from the frame, which has said so once for all of its columns.
// C2. Rows that are there only as "all the same" or "each one more" take no memory when they are read either.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";

/** How the rows stand in the frame. */
const FORM = { same: 0, line: 1, u8: 2, u16: 3, u32: 4, f64: 5 } as const;
const [U8_END, U16_END, U32_END] = [0x100, 0x1_0000, 0x1_0000_0000];

type Rows = Uint8Array | Uint16Array | Uint32Array | Float64Array;

/** Whole numbers from 0 on. Row i is `first + step * i`, or `first + rows[i]`. */
export class Column {
  readonly length: number;
  private readonly first: number;
  private readonly step: number;
  private readonly rows: Rows | undefined;

  constructor(length: number, first: number, step: number, rows: Rows | undefined) {
    this.length = length;
    this.first = first;
    this.step = step;
    this.rows = rows;
  }

  static same(length: number, value: number): Column {
    return new Column(length, value, 0, undefined);
  }

  static line(length: number, first: number): Column {
    return new Column(length, first, 1, undefined);
  }

  static of(values: ArrayLike<number>): Column {
    const builder = new ColumnBuilder();
    for (let i = 0; i < values.length; i++) builder.push(values[i] ?? 0);
    return builder.column();
  }

  /** The value of all rows. Undefined: they differ, or it is not known without looking at each. */
  get all(): number | undefined {
    return this.rows === undefined && this.step === 0 ? this.first : undefined;
  }

  /** Whether each row is one more than the one before. */
  get isLine(): boolean {
    return this.rows === undefined && (this.step === 1 || this.length < 2);
  }

  at(i: number): number {
    const { rows } = this;
    return this.first + (rows === undefined ? this.step * i : (rows[i] ?? 0));
  }

  sum(): number {
    const { rows, length } = this;
    let sum = length * this.first;
    if (rows === undefined) return sum + (this.step * length * (length - 1)) / 2;
    for (let i = 0; i < length; i++) sum += rows[i] ?? 0;
    return sum;
  }

  write(out: ByteWriter): void {
    const { rows, length } = this;
    if (rows === undefined) {
      out.u8(this.step === 0 ? FORM.same : FORM.line);
      out.varint(this.first);
    } else if (rows instanceof Float64Array) {
      out.u8(FORM.f64);
      for (let i = 0; i < length; i++) out.f64(rows[i] ?? 0);
    } else {
      out.u8(rows instanceof Uint8Array ? FORM.u8 : rows instanceof Uint16Array ? FORM.u16 : FORM.u32);
      out.varint(this.first);
      if (rows instanceof Uint8Array) out.raw(rows);
      else writeWide(out, rows);
    }
  }

  /** Whole numbers from 0 to `max`; their largest is looked at once. */
  static read(from: ByteReader, length: number, max: number): Column {
    const form = from.u8();
    if (form === FORM.same || form === FORM.line) {
      const first = from.upTo(max);
      if (form === FORM.line && first + length - 1 > max) throw from.fail("a number is above its cap");
      return new Column(length, first, form === FORM.line ? 1 : 0, undefined);
    }
    const first = form === FORM.f64 ? 0 : from.upTo(max);
    const rows = readRows(from, length, form);
    if (!isWithin(rows, max - first)) throw from.fail("a number is above its cap, or is none");
    return new Column(length, first, 0, rows);
  }
}

function writeWide(out: ByteWriter, rows: Uint16Array | Uint32Array): void {
  const isWide = rows instanceof Uint32Array;
  out.reserve(rows.length * 4);
  const { bytes } = out;
  let { at } = out;
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] ?? 0;
    bytes[at++] = row;
    bytes[at++] = row >>> 8;
    if (!isWide) continue;
    bytes[at++] = row >>> 16;
    bytes[at++] = row >>> 24;
  }
  out.at = at;
}

function readRows(from: ByteReader, length: number, form: number): Rows {
  const { bytes } = from;
  switch (form) {
    case FORM.u8: {
      // A copy: it outlives its frame without keeping all of it.
      const start = from.skip(length);
      return bytes.slice(start, start + length);
    }
    case FORM.u16: {
      let at = from.skip(length * 2);
      const rows = new Uint16Array(length);
      for (let i = 0; i < length; i++, at += 2) rows[i] = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
      return rows;
    }
    case FORM.u32: {
      let at = from.skip(length * 4);
      const rows = new Uint32Array(length);
      for (let i = 0; i < length; i++, at += 4)
        rows[i] =
          (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
      return rows;
    }
    case FORM.f64: {
      from.at = from.skip(length * 8);
      const rows = new Float64Array(length);
      for (let i = 0; i < length; i++) rows[i] = from.f64();
      return rows;
    }
    default:
      throw from.fail("a column is of no known form");
  }
}

function isWithin(rows: Rows, max: number): boolean {
  if (rows instanceof Float64Array) return rows.every((row) => Number.isSafeInteger(row) && row >= 0 && row <= max);
  if (max >= 2 ** (8 * rows.BYTES_PER_ELEMENT) - 1) return true;
  for (let i = 0; i < rows.length; i++) if ((rows[i] ?? 0) > max) return false;
  return true;
}

/** Takes no memory while the rows are equal, or each one more than the one before. */
export class ColumnBuilder {
  length = 0;
  private first = 0;
  /** What the next row is while all rows are equal or a line; -1, which no row is, before and after. */
  private next = -1;
  private step = 0;
  /** From the first row on that is neither. */
  private rows: number[] | undefined;
  private min = 0;
  private max = 0;

  push(value: number): void {
    this.length++;
    if (value !== this.next) this.other(value);
    else if (this.step === 1) this.next = value + 1;
  }

  private other(value: number): void {
    const before = this.length - 1;
    if (this.rows !== undefined) {
      this.rows.push(value);
      if (value > this.max) this.max = value;
      else if (value < this.min) this.min = value;
    } else if (before === 0) {
      this.first = value;
      this.next = value;
    } else if (before === 1 && value === this.first + 1) {
      this.step = 1;
      this.next = value + 1;
    } else this.leaveLine(before, value);
  }

  private leaveLine(before: number, value: number): void {
    const { first, step } = this;
    const rows: number[] = [];
    for (let row = 0; row < before; row++) rows.push(first + step * row);
    rows.push(value);
    this.min = Math.min(first, value);
    this.max = Math.max(first + step * (before - 1), value);
    this.next = -1;
    this.rows = rows;
  }

  column(): Column {
    const { length, rows, min, max } = this;
    if (rows === undefined) return new Column(length, this.first, this.step, undefined);
    return max - min < U32_END
      ? new Column(length, min, 0, narrowed(rows, min, max - min))
      : new Column(length, 0, 0, Float64Array.from(rows));
  }
}

function narrowed(rows: readonly number[], min: number, spread: number): Rows {
  const { length } = rows;
  const narrow =
    spread < U8_END ? new Uint8Array(length) : spread < U16_END ? new Uint16Array(length) : new Uint32Array(length);
  for (let i = 0; i < length; i++) narrow[i] = (rows[i] ?? 0) - min;
  return narrow;
}
