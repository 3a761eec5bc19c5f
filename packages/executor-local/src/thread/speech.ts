// Owns: what the tasks of a thread say, on its way to the process: records, output, progress; never more than is taken.
// S1. Each goes at once, in order, before the outcome of its task: a thread that is killed has said what it said.
// S2. What the process has not taken is bounded: beyond that it is left out and counted; the count is told before what is
//     said next, at the latest when the attempt ends.
// S3. Of progress the last word counts: what is too much of it is left out uncounted, but never the last.

import { attempts, realClock, type Said } from "@millrace/core/seam";
import type { SaidMessage } from "../wire.js";

/** Characters, and as many again for what each piece costs beside them. */
const UNTAKEN_MAX = 1024 * 1024;
const PIECE = 256;
/** Progress alone is less than that, and leaves room for all else. */
const PROGRESS_MAX = 256 * PIECE;

type Progress = Said & { readonly kind: "progress" };

/** Whose it is. */
export type Where = Omit<SaidMessage, "kind" | "said" | "size" | "atMs">;

export class Speech {
  private readonly tell: (message: SaidMessage) => void;
  private readonly taken: Int32Array;
  private said: number;
  private dropped = 0;
  /** S3. What was said last and is not told yet. */
  private latest: { readonly where: Where; readonly said: Progress } | undefined;

  constructor(taken: SharedArrayBuffer, tell: (message: SaidMessage) => void) {
    this.taken = new Int32Array(taken);
    this.tell = tell;
    // What the thread before this one said is nobody's business any more.
    this.said = Atomics.load(this.taken, 0);
  }

  say(where: Where, said: Said): void {
    if (said.kind === "progress") return this.sayProgress(where, said);
    if (this.untaken > UNTAKEN_MAX) {
      this.dropped++;
      return;
    }
    this.tellRest(where);
    this.post(where, said, PIECE + sizeOf(said));
  }

  get hasRest(): boolean {
    return this.dropped > 0 || this.latest !== undefined;
  }

  /** S2, S3: at the end of an attempt, and before what is said next. */
  tellRest(where: Where): void {
    this.tellLatest();
    if (this.dropped === 0) return;
    const count = this.dropped;
    this.dropped = 0;
    this.post(where, { kind: "dropped", count }, PIECE);
  }

  /** What an attempt left behind says of its progress is nobody's business: `latest` is that of the one that runs. */
  private sayProgress(where: Where, said: Progress): void {
    if (where.position < 0) return;
    const isFirst = this.latest === undefined;
    this.latest = { where, said };
    if (this.untaken <= PROGRESS_MAX) this.tellLatest();
    // It may be the last for a long time.
    else if (isFirst) attempts.exit(() => setImmediate(() => this.untaken <= UNTAKEN_MAX && this.tellLatest()));
  }

  private tellLatest(): void {
    if (this.latest === undefined) return;
    const { where, said } = this.latest;
    this.latest = undefined;
    this.post(where, said, PIECE);
  }

  private get untaken(): number {
    return (this.said - Atomics.load(this.taken, 0)) | 0;
  }

  private post(where: Where, said: Said, size: number): void {
    this.said = (this.said + size) | 0;
    this.tell({ kind: "said", ...where, atMs: realClock.now(), said, size });
  }
}

function sizeOf(said: Said): number {
  switch (said.kind) {
    case "output":
      return said.text.length + (said.bytes?.byteLength ?? 0);
    case "log":
      return said.message.length + (said.data === undefined ? 0 : JSON.stringify(said.data).length);
    case "progress":
    case "dropped":
      return 0;
    default:
      return said satisfies never;
  }
}
