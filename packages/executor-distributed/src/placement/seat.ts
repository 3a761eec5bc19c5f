// Owns: a worker as one kind of needs sees it: whether it takes a work of that kind now, and which of them it has not begun.
// S1. It stands in its class's `open` if and only if its worker would take one more.
// S2. Its queue stands in its class's `busy` if and only if it is not empty.

import type { Heaped } from "./heap.js";
import type { NeedsClass } from "./needs-class.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

export class Seat implements Heaped {
  heapAt = -1;
  key = 0;
  tie = 0;
  readonly of: NeedsClass;
  readonly worker: WorkerRow;
  readonly unbegun: SeatQueue;

  constructor(of: NeedsClass, worker: WorkerRow) {
    this.of = of;
    this.worker = worker;
    this.unbegun = new SeatQueue(this);
  }
}

/** Sent, not begun and not asked back, in the order of sending. */
export class SeatQueue implements Heaped {
  heapAt = -1;
  key = 0;
  tie = 0;
  readonly seat: Seat;
  last: WorkRow | undefined;
  count = 0;
  private ms = 0;

  constructor(seat: Seat) {
    this.seat = seat;
  }

  add(work: WorkRow): void {
    work.before = this.last;
    if (this.last !== undefined) this.last.after = work;
    this.last = work;
    this.note(1, work.estimateMs);
  }

  remove(work: WorkRow): void {
    if (work.before !== undefined) work.before.after = work.after;
    if (work.after !== undefined) work.after.before = work.before;
    else this.last = work.before;
    work.before = undefined;
    work.after = undefined;
    this.note(-1, -work.estimateMs);
  }

  /** Coarse, so that it seldom moves: who has twice as much stands before. */
  private note(count: number, ms: number): void {
    this.count += count;
    this.ms = this.count === 0 ? 0 : this.ms + ms;
    const { busy } = this.seat.of;
    const key = -Math.floor(Math.log2(Math.max(this.ms, 0) + 1));
    if (this.heapAt < 0) {
      this.key = key;
      this.tie = this.seat.worker.worker;
      busy.add(this);
    } else if (this.count === 0) busy.remove(this);
    else busy.move(this, key, this.tie);
  }
}
