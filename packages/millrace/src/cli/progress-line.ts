// Owns: the line on a terminal that says how far a run is.
// P1. Counting the states costs time that the tasks want: the pause after each count is at least twenty times as long.
// P2. What user code prints meanwhile stands on lines of its own: the line is wiped before each write, and drawn again
//     with the next count, but not behind a line that is not ended yet.

import type { Executor, FlowRun, LiveState } from "@millrace/core";
import { activityOf, activityTexts } from "./activity-text.js";
import { durationText } from "./duration-text.js";

const pauseMs = 100;
const wipe = "\r\u001b[2K";

export class ProgressLine {
  private readonly flow: string;
  private readonly run: FlowRun<unknown>;
  private readonly startedAtMs = performance.now();
  private readonly write = process.stderr.write.bind(process.stderr);
  private readonly restore: readonly (() => void)[];
  private timer: NodeJS.Timeout | undefined;
  private isDrawn = false;
  private isLineOpen = false;

  private readonly executor: Executor | undefined;

  /** `executor`: what its threads do is told as well. */
  constructor(flow: string, run: FlowRun<unknown>, executor?: Executor) {
    this.executor = executor;
    this.flow = flow;
    this.run = run;
    this.restore = [process.stdout, process.stderr].map((stream) => this.wipeBefore(stream));
    this.drawLater(pauseMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.wipe();
    for (const restore of this.restore) restore();
  }

  private drawLater(afterMs: number): void {
    this.timer = setTimeout(() => this.draw(), afterMs);
    this.timer.unref();
  }

  private draw(): void {
    const beforeMs = performance.now();
    const counts = progressText(this.flow, this.run.summary(), beforeMs - this.startedAtMs);
    const text = [counts, ...activityTexts(this.run.progress(), activityOf(this.executor))].join("  ");
    if (!this.isLineOpen) {
      // A terminal that does not know its width says 0. A line that wraps could not be wiped.
      this.write(wipe + text.slice(0, (process.stderr.columns || 80) - 1));
      this.isDrawn = true;
    }
    this.drawLater(Math.max(pauseMs, 20 * (performance.now() - beforeMs)));
  }

  private wipe(): void {
    if (this.isDrawn) this.write(wipe);
    this.isDrawn = false;
  }

  /** Object.assign: the overloads of write fit no function that passes its arguments on. */
  private wipeBefore(stream: NodeJS.WriteStream): () => void {
    const before: unknown = Reflect.get(stream, "write");
    const write = stream.write.bind(stream);
    const wiping = (...given: readonly unknown[]): unknown => {
      this.wipe();
      this.isLineOpen = !String(given[0]).endsWith("\n");
      return Reflect.apply(write, stream, given);
    };
    Object.assign(stream, { write: wiping });
    return () => void Object.assign(stream, { write: before });
  }
}

/** Finished first, then what goes on, then what waits, then what went wrong. */
export function progressText(flow: string, counts: Readonly<Record<LiveState, number>>, tookMs: number): string {
  const parts = [
    [counts.Success, "done"],
    [counts.Running, "running"],
    [counts.Pending + counts.Looped, "waiting"],
    [counts.Retrying, "to retry"],
    [counts.Skipped, "skipped"],
    [counts.Failed + counts.TimedOut + counts.TriggerFailed, "failed"],
    [counts.Cancelled, "cancelled"],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, name]) => `${count} ${name}`);
  return `${flow}: ${shown.join(", ")}, ${durationText(tookMs)}`;
}
