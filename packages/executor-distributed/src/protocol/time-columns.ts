// Owns: when outcomes' works began and how long they took, in whole microseconds from the first one on.
// T1. What a thread runs one after the other begins where the last one ended: the gaps are all 0 and take no room, and
//     rounding does not add up, since ends are rounded, not durations.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import type { Field } from "./fields.js";
import { ROWS_MAX } from "./limits.js";

const US = 1_000;
/** Durations, and gaps either way, in microseconds: 142 years. */
const US_MAX = 2 ** 52;

export class TimeColumns {
  /** Milliseconds since the epoch. */
  readonly baseMs: number;
  private readonly durations: Column;
  /** Between the end before and the start, doubled, and one more where it is less than nothing. */
  private readonly gaps: Column;
  private starts: Float64Array | undefined;

  constructor(baseMs: number, durations: Column, gaps: Column) {
    this.baseMs = baseMs;
    this.durations = durations;
    this.gaps = gaps;
  }

  get length(): number {
    return this.durations.length;
  }

  startedAtMs(i: number): number {
    this.starts ??= this.allStarts();
    return this.starts[i] ?? this.baseMs;
  }

  durationMs(i: number): number {
    return this.durations.at(i) / US;
  }

  allStarts(): Float64Array {
    const starts = new Float64Array(this.length);
    let end = 0;
    for (let i = 0; i < starts.length; i++) {
      const gap = this.gaps.at(i);
      const start = end + (gap % 2 === 0 ? gap / 2 : -(gap + 1) / 2);
      starts[i] = this.baseMs + start / US;
      end = start + this.durations.at(i);
    }
    return starts;
  }

  allDurations(): Float64Array {
    const durations = new Float64Array(this.length);
    for (let i = 0; i < durations.length; i++) durations[i] = this.durations.at(i) / US;
    return durations;
  }

  write(out: ByteWriter): void {
    out.f64(this.baseMs);
    this.durations.write(out);
    this.gaps.write(out);
  }

  static read(from: ByteReader, length: number): TimeColumns {
    const baseMs = from.f64();
    if (!Number.isFinite(baseMs)) throw from.fail("a time is none");
    return new TimeColumns(baseMs, Column.read(from, length, US_MAX), Column.read(from, length, US_MAX));
  }
}

export const times: Field<TimeColumns> = {
  says: "times: start, duration",
  write: (out, given) => {
    out.varint(given.length);
    given.write(out);
  },
  read: (from) => TimeColumns.read(from, from.upTo(ROWS_MAX)),
};

export class TimesBuilder {
  private baseMs = 0;
  private end = 0;
  private readonly durations = new ColumnBuilder();
  private readonly gaps = new ColumnBuilder();

  push(startedAtMs: number, durationMs: number): void {
    if (this.durations.length === 0) this.baseMs = startedAtMs;
    const sinceMs = startedAtMs - this.baseMs;
    let start = Math.round(sinceMs * US);
    // Times since the epoch are exact to a quarter of a microsecond only.
    if (Math.abs(start - this.end) === 1) start = this.end;
    const end = Math.round((sinceMs + durationMs) * US);
    const gap = start - this.end;
    this.durations.push(Math.max(0, end - start));
    this.gaps.push(gap < 0 ? -gap * 2 - 1 : gap * 2);
    this.end = Math.max(start, end);
  }

  columns(): TimeColumns {
    return new TimeColumns(this.baseMs, this.durations.column(), this.gaps.column());
  }
}
