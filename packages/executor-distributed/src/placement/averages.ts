// Owns: what was learned by measuring: how long works of a task take, and how fast values move.

/** DIST-5. */
const UNKNOWN_MS = 500;
const START_BYTES_A_MS = 100_000;
/** The share of the newest figure. */
const NEWEST = 0.3;
/** Below this a transfer says more of the round trip than of the link. */
const BYTES_MIN = 64 * 1024;
/** What is slower stood still: it says nothing of the link. */
const SLOWEST_BYTES_A_MS = 1;
const NAMES_MAX = 10_000;
/** Nothing takes no time: what was too short to measure is a microsecond. */
const SHORTEST_MS = 0.001;

export class Averages {
  bytesAMs = START_BYTES_A_MS;
  /** Of all tasks together, undefined before the first. */
  typicalMs: number | undefined;
  private readonly byTask = new Map<string, number>();

  durationMs(task: string): number {
    return this.byTask.get(task) ?? UNKNOWN_MS;
  }

  transferMs(bytes: number): number {
    return bytes / this.bytesAMs;
  }

  noteDuration(task: string, measuredMs: number): void {
    const ms = Math.max(measuredMs, SHORTEST_MS);
    const before = this.byTask.get(task);
    if (before === undefined && this.byTask.size >= NAMES_MAX) this.forgetOldest();
    this.byTask.set(task, before === undefined ? ms : before + NEWEST * (ms - before));
    this.typicalMs = this.typicalMs === undefined ? ms : this.typicalMs + NEWEST * (ms - this.typicalMs);
  }

  noteTransfer(bytes: number, ms: number): void {
    if (bytes < BYTES_MIN || !(ms > 0)) return;
    const rate = Math.max(bytes / Math.max(ms, SHORTEST_MS), SLOWEST_BYTES_A_MS);
    this.bytesAMs += NEWEST * (rate - this.bytesAMs);
  }

  private forgetOldest(): void {
    for (const task of this.byTask.keys()) {
      this.byTask.delete(task);
      return;
    }
  }
}
