// Owns: time that goes when a test says so. What is due at once still gets its own turn of the event loop.

import type { Clock } from "@millrace/core/internal";

export class ManualClock implements Clock {
  private nowMs = 1_700_000_000_000;
  private readonly timers = new Set<{ readonly atMs: number; readonly wake: () => void }>();

  now(): number {
    return this.nowMs;
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    if (atMs <= this.nowMs) {
      const soon = setImmediate(wake);
      return () => clearImmediate(soon);
    }
    const timer = { atMs, wake };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** Milliseconds until the next timer, or undefined. */
  get nextInMs(): number | undefined {
    const times = [...this.timers].map((timer) => timer.atMs - this.nowMs);
    return times.length === 0 ? undefined : Math.min(...times);
  }

  advance(ms: number): void {
    this.nowMs += ms;
    for (const timer of Array.from(this.timers)) {
      if (timer.atMs > this.nowMs) continue;
      this.timers.delete(timer);
      timer.wake();
    }
  }
}
