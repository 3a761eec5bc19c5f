// Owns: works of one template that wait for a thread, in order: single ones, and ranges of which no work is made.

import { Fifo, type Work, WorkRange } from "@millrace/core/seam";

/** The works of a batch. */
export type Works = readonly Work[] | WorkRange;

export const listOf = (works: Works): readonly Work[] =>
  works instanceof WorkRange ? Array.from({ length: works.length }, (_, i) => works.at(i)) : works;

export class WaitingWorks {
  private readonly pieces = new Fifo<Work | WorkRange>();
  /** What is left of a range that was begun: it comes first. */
  private begun: WorkRange | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  get empty(): boolean {
    return this.count === 0;
  }

  push(work: Work | WorkRange): void {
    this.count += work instanceof WorkRange ? work.length : 1;
    this.pieces.push(work);
  }

  /** The first ones, at most `most`, at least one where there is any: part of a range, or single ones. */
  take(most: number): Works {
    const range = this.begun ?? this.pieces.first();
    const works = range instanceof WorkRange ? this.takeOf(range, most) : this.takeSingle(most);
    this.count -= works.length;
    return works;
  }

  takeAll(): readonly Work[] {
    const works: Work[] = [];
    while (!this.empty) for (const work of listOf(this.take(this.count))) works.push(work);
    return works;
  }

  clear(): void {
    this.pieces.clear();
    this.begun = undefined;
    this.count = 0;
  }

  private takeOf(range: WorkRange, most: number): WorkRange {
    if (this.begun === undefined) this.pieces.shift();
    this.begun = most < range.length ? range.slice(most, range.length - most) : undefined;
    return this.begun === undefined ? range : range.slice(0, most);
  }

  private takeSingle(most: number): readonly Work[] {
    const works: Work[] = [];
    while (works.length < most) {
      const next = this.pieces.first();
      if (next === undefined || next instanceof WorkRange) break;
      this.pieces.shift();
      works.push(next);
    }
    return works;
  }
}
