// Owns: how long the works of a batch may take: asking one to stop, and killing its thread when it does not (D10).
// W1. One timer a thread. When a work began stands in memory that it shares with its thread.

import type { Clock } from "@millrace/core/seam";
import type { Batch, Stop } from "./batch.js";
import type { Thread } from "./thread.js";
import { BATCH_MAX } from "./wire.js";

export class Watch {
  private readonly graceMs: number;
  private readonly clock: Clock;

  constructor(graceMs: number, clock: Clock) {
    this.graceMs = graceMs;
    this.clock = clock;
  }

  /** Looks at a batch when the work that runs would have timed out. */
  batch(thread: Thread, batch: Batch): void {
    const { timeoutMs } = batch.lane.template;
    if (timeoutMs === undefined || batch.isStopping) return;
    this.lookAt(thread, batch, timeoutMs, this.clock.now() + timeoutMs);
  }

  /** Asks a work that has begun. */
  stop(thread: Thread, batch: Batch, position: number, stop: Stop): void {
    if (batch.asked.has(position)) return;
    batch.ask(position, stop);
    thread.tell({ kind: "cancel", batch: batch.number, position, reason: stop.reason });
    this.arm(thread, this.clock.now() + this.graceMs, () => {
      if (thread.batch !== batch || batch.done > position) return;
      // Its outcome is on the way, or it still runs.
      if (batch.running === position) thread.kill();
    });
  }

  private lookAt(thread: Thread, batch: Batch, timeoutMs: number, atMs: number): void {
    this.arm(thread, atMs, () => {
      if (thread.batch !== batch) return;
      const position = Atomics.load(thread.cells, BATCH_MAX);
      const beganAtMs = thread.beganAt[0] ?? 0;
      const isRunning = batch.running === position && beganAtMs > 0;
      const dueMs = isRunning ? beganAtMs + timeoutMs : this.clock.now() + timeoutMs;
      if (dueMs > this.clock.now()) return this.lookAt(thread, batch, timeoutMs, dueMs);
      this.stop(thread, batch, position, { kind: "timedOut", reason: `its timeout of ${timeoutMs} ms is over` });
    });
  }

  private arm(thread: Thread, atMs: number, act: () => void): void {
    thread.unwatch?.();
    thread.unwatch = this.clock.wakeAt(atMs, act);
  }
}
