// Owns: works of one template that wait for a thread, in order: single ones, and ranges of which no work is made.

import { Fifo, type Work, WorkRange } from "@millrace/core/seam";

/** The works of a batch. */
export type Works = readonly Work[] | WorkRange;

export const listOf = (works: Works): readonly Work[] =>
  works instanceof WorkRange ? Array.from({ length: works.length }, (_, i) => works.at(i)) : works;

/** W1. Ranges that follow each other are one: pieces as small as outcomes come in would make batches as small. */
export class WaitingWorks {
  private readonly pieces = new Fifo<Work | WorkRange>();
  /** What is left of a range that was begun comes first, a range that may still grow last. */
  private back: readonly Work[] = [];
  private begun: WorkRange | undefined;
  private growing: WorkRange | undefined;
  private count = 0;

  get length(): number {
    return this.count;
  }

  get empty(): boolean {
    return this.count === 0;
  }

  push(work: Work | WorkRange): void {
    const isRange = work instanceof WorkRange;
    this.count += isRange ? work.length : 1;
    const joined = isRange ? this.growing?.joined(work) : undefined;
    if (joined === undefined && this.growing !== undefined) this.pieces.push(this.growing);
    this.growing = joined ?? (isRange ? work : undefined);
    if (!isRange) this.pieces.push(work);
  }

  /** The first ones, at most `most`, at least one where there is any: part of a range, or single ones. */
  take(most: number): Works {
    if (this.back.length > 0) return this.takeBack(most);
    const range = this.begun ?? this.pieces.first() ?? this.growing;
    const works = range instanceof WorkRange ? this.takeOf(range, most) : this.takeSingle(most);
    this.count -= works.length;
    return works;
  }

  /** What was taken and is not to go yet: it comes first. */
  putBack(works: readonly Work[]): void {
    this.back = [...works, ...this.back];
    this.count += works.length;
  }

  takeAll(): readonly Work[] {
    const works: Work[] = [];
    while (!this.empty) for (const work of listOf(this.take(this.count))) works.push(work);
    return works;
  }

  clear(): void {
    this.pieces.clear();
    this.back = [];
    this.begun = undefined;
    this.growing = undefined;
    this.count = 0;
  }

  private takeBack(most: number): Works {
    const works = this.back.slice(0, most);
    this.back = this.back.slice(most);
    this.count -= works.length;
    return works;
  }

  private takeOf(range: WorkRange, most: number): WorkRange {
    const rest = most < range.length ? range.slice(most, range.length - most) : undefined;
    if (this.begun === undefined && this.pieces.empty) this.growing = rest;
    else {
      if (this.begun === undefined) this.pieces.shift();
      this.begun = rest;
    }
    return rest === undefined ? range : range.slice(0, most);
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
