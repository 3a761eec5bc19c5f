// Owns: ids as runs: first and count, first and count. Consecutive ids cost nothing each.
// I1. Memory is taken by runs, never by ids: a run of a million is one pair.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { ID_END } from "./limits.js";

export class IdRuns {
  /** Of each run. */
  readonly firsts: readonly number[];
  /** How many ids there are up to the end of each run. */
  readonly ends: readonly number[];
  private run = 0;

  constructor(firsts: readonly number[], ends: readonly number[]) {
    this.firsts = firsts;
    this.ends = ends;
  }

  static of(ids: Iterable<number>): IdRuns {
    const builder = new IdRunsBuilder();
    for (const id of ids) builder.push(id);
    return builder.runs();
  }

  static range(first: number, count: number): IdRuns {
    return count === 0 ? new IdRuns([], []) : new IdRuns([first], [count]);
  }

  get length(): number {
    return this.ends.at(-1) ?? 0;
  }

  /** Quick where `i` goes up. */
  at(i: number): number {
    const { ends, firsts } = this;
    let { run } = this;
    let start = run === 0 ? 0 : (ends[run - 1] ?? 0);
    if (i < start || i >= (ends[run] ?? 0)) {
      run = this.runOf(i, run);
      start = run === 0 ? 0 : (ends[run - 1] ?? 0);
      this.run = run;
    }
    return (firsts[run] ?? 0) + i - start;
  }

  *[Symbol.iterator](): Generator<number> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }

  private runOf(i: number, last: number): number {
    const { ends } = this;
    if (i >= (ends[last] ?? 0) && i < (ends[last + 1] ?? 0)) return last + 1;
    let [low, high] = [0, ends.length - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (i < (ends[middle] ?? 0)) high = middle;
      else low = middle + 1;
    }
    return Math.max(0, low);
  }

  write(out: ByteWriter): void {
    const { firsts, ends } = this;
    out.varint(firsts.length);
    let [behind, start] = [0, 0];
    for (let run = 0; run < firsts.length; run++) {
      const [first, end] = [firsts[run] ?? 0, ends[run] ?? 0];
      out.zigzag(first - behind);
      out.varint(end - start - 1);
      behind = first + end - start;
      start = end;
    }
  }

  /** At most `max` ids in all. */
  static read(from: ByteReader, max: number): IdRuns {
    const count = from.count(max, 2);
    const firsts: number[] = [];
    const ends: number[] = [];
    let [behind, end] = [0, 0];
    for (let run = 0; run < count; run++) {
      const first = behind + from.zigzag();
      const length = from.upTo(max) + 1;
      behind = first + length;
      end += length;
      if (first < 0 || behind > ID_END) throw from.fail("an id is out of range");
      if (end > max) throw from.fail("it has more ids than its cap");
      firsts.push(first);
      ends.push(end);
    }
    return new IdRuns(firsts, ends);
  }
}

export class IdRunsBuilder {
  length = 0;
  private readonly firsts: number[] = [];
  /** Of the last run it is `length`. */
  private readonly ends: number[] = [];
  private next = -1;

  push(id: number): void {
    if (id !== this.next) this.begin(id);
    this.next = id + 1;
    this.length++;
  }

  range(first: number, count: number): void {
    if (count === 0) return;
    if (first !== this.next) this.begin(first);
    this.next = first + count;
    this.length += count;
  }

  runs(): IdRuns {
    return new IdRuns(this.firsts, this.length === 0 ? [] : [...this.ends, this.length]);
  }

  private begin(id: number): void {
    if (this.length > 0) this.ends.push(this.length);
    this.firsts.push(id);
  }
}
