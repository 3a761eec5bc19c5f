// Owns: what the task runs of a run went through, in one ring of numbers: for explanations, and so that an illegal transition can
// tell what came before.
// Does not own: words (`story-words`).
// S1. As long as the ring has room all is noted. Then only what is not plain (sent, gave its value): what a large run has of
//     retries, deaths and losses is not washed away by a million successes, and these cost nothing.

import { STATE, stateName } from "../work/kinds.js";
import { STORY_CAUSES, type StoryCause, type StoryLine } from "./explanation.js";

const ENTRIES = 4096;
const FIELDS = 3;
/** Of one task run so many are told. */
const TOLD_MAX = 50;

/** No cause of its own: the two states say it. */
const BY_STATES = 0;

export class Story {
  /** Small runs are many: it grows to its size only where there is something to tell. Row; states and cause; attempt. */
  private ring = new Int32Array(16 * FIELDS);
  private times = new Float64Array(16);
  private next = 0;
  private count = 0;

  /** S1. */
  takes(from: number, to: number): boolean {
    return this.count < ENTRIES || !isPlain(from, to);
  }

  note(row: number, from: number, to: number, attempt: number, atMs: number, cause?: StoryCause): void {
    if (this.next === 0 && this.count > 0 && this.times.length < ENTRIES) this.grow();
    const entry = this.next;
    const at = entry * FIELDS;
    const code = cause === undefined ? BY_STATES : STORY_CAUSES.indexOf(cause) + 1;
    this.ring[at] = row;
    this.ring[at + 1] = from | (to << 4) | (code << 8);
    this.ring[at + 2] = attempt;
    this.times[entry] = atMs;
    this.next = entry + 1 === this.times.length ? 0 : entry + 1;
    this.count++;
  }

  /** Of consecutive rows, each at its first attempt. */
  noteRange(first: number, count: number, from: number, to: number, atMs: number): void {
    for (let row = first; row < first + count && this.takes(from, to); row++) this.note(row, from, to, 1, atMs);
  }

  private grow(): void {
    const size = Math.min(this.times.length * 4, ENTRIES);
    const [ring, times] = [new Int32Array(size * FIELDS), new Float64Array(size)];
    ring.set(this.ring);
    times.set(this.times);
    this.next = this.times.length;
    [this.ring, this.times] = [ring, times];
  }

  /** Oldest first, the last ones. */
  of(row: number): readonly StoryLine[] {
    const found: StoryLine[] = [];
    const { length } = this.times;
    for (let back = 1; back <= Math.min(this.count, length) && found.length < TOLD_MAX; back++) {
      const entry = (this.next - back + length) % length;
      const at = entry * FIELDS;
      if (this.ring[at] !== row) continue;
      const packed = this.ring[at + 1] ?? 0;
      const [from, to] = [packed & 15, (packed >> 4) & 15];
      found.push({
        atMs: this.times[entry] ?? 0,
        from: stateName(from),
        to: stateName(to),
        cause: STORY_CAUSES[(packed >> 8) - 1] ?? causeOf(from, to),
        attempt: this.ring[at + 2] ?? 0,
      });
    }
    return found.reverse();
  }
}

const isPlain = (from: number, to: number): boolean =>
  to === STATE.Success ? from !== to : to === STATE.Running && from === STATE.Pending;

function causeOf(from: number, to: number): StoryCause {
  const ran = from === STATE.Running;
  switch (to) {
    case STATE.Running:
      return "sent";
    case STATE.Success:
      return ran ? "value" : "structure";
    case STATE.Mapped:
      return "expanded";
    case STATE.Skipped:
      return ran ? "skip" : "upstream";
    case STATE.Failed:
      return ran ? "failed" : "upstream";
    case STATE.TimedOut:
      return "timedOut";
    case STATE.Retrying:
      return "retry";
    case STATE.Cancelled:
      return "cancelled";
    case STATE.TriggerFailed:
      return "upstream";
    default:
      return "loop";
  }
}
