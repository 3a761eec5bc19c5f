// Owns: works that could begin, in the order in which they came.
// R1. The first is taken without moving the others: there may be 100,000 of them.

import { firstPlace } from "./first-place.js";
import type { WorkRow } from "./run-at-worker.js";

/** What was taken goes when it is so many, and half of all. */
const TAKEN_MAX = 1_024;

export class ReadyWorks {
  private readonly rows: WorkRow[] = [];
  /** Those before were taken. */
  private head = 0;

  get size(): number {
    return this.rows.length - this.head;
  }

  add(row: WorkRow): void {
    this.rows.splice(this.placeOf(row), 0, row);
  }

  /** It stands here. */
  remove(row: WorkRow): void {
    this.rows.splice(this.placeOf(row), 1);
  }

  take(): WorkRow | undefined {
    const { rows } = this;
    if (this.size === 0) return undefined;
    const row = rows[this.head++];
    if (this.head === rows.length || (this.head >= TAKEN_MAX && this.head * 2 >= rows.length)) {
      rows.splice(0, this.head);
      this.head = 0;
    }
    return row;
  }

  /** Before the first that came later. */
  private placeOf({ order }: WorkRow): number {
    const { rows, head } = this;
    return head + firstPlace(this.size, (at) => (rows[head + at]?.order ?? 0) >= order);
  }
}
