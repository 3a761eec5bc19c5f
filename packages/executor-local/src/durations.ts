// Owns: how long works of a task take, learned from their outcomes, and how many make a good batch (D6).
// T1. A task that nobody has measured goes alone, as does one that is longer than a batch should be.

import { BATCH_MAX } from "./wire.js";

/** What a batch should take: far more than a message costs, far less than anybody waits. */
const BATCH_MS = 2;
/** Weight of a full batch. What a smaller one measured is mostly what a batch costs by itself. */
const NEWEST = 0.3;
/** A task that is twice in a row so many times slower than was thought, and no longer tiny, is believed. */
const MUCH_SLOWER = 8;
const TINY_MS = 0.25;

export class Duration {
  private meanMs: number | undefined;
  private wasSlower = false;

  get isKnown(): boolean {
    return this.meanMs !== undefined;
  }

  note(totalMs: number, count: number): void {
    const newestMs = totalMs / count;
    const isSlower = this.meanMs !== undefined && newestMs > TINY_MS && newestMs > this.meanMs * MUCH_SLOWER;
    if (this.meanMs === undefined || (isSlower && this.wasSlower)) {
      this.meanMs = newestMs;
      this.wasSlower = false;
      return;
    }
    this.wasSlower = isSlower;
    this.meanMs += NEWEST * Math.min(1, count / this.batch) * (newestMs - this.meanMs);
  }

  /** Works of the next batch. */
  get batch(): number {
    if (this.meanMs === undefined) return 1;
    return Math.max(1, Math.min(BATCH_MAX, Math.floor(BATCH_MS / Math.max(this.meanMs, 1e-6))));
  }
}

/** By definition: what was learned in one run holds for the next. */
export class Durations {
  private readonly known = new WeakMap<object, Duration>();

  of(definition: object): Duration {
    let duration = this.known.get(definition);
    if (duration === undefined) {
      duration = new Duration();
      this.known.set(definition, duration);
    }
    return duration;
  }
}
