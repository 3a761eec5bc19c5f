// Owns: what the tasks of a thread say, on its way to the process: records, output, progress; never more than is taken.
// S1. Each goes at once, in order, before the outcome of its task: a thread that is killed has said what it said.
// S2. What the process has not taken is bounded: beyond that it is left out and counted; the count is told before what is
//     said next, at the latest when the attempt ends.

import { realClock, type Said } from "@millrace/core/seam";
import type { SaidMessage } from "../wire.js";

/** Characters, and as many again for what each piece costs beside them. */
const UNTAKEN_MAX = 1024 * 1024;
const PIECE = 256;

/** Whose it is. */
export type Where = Omit<SaidMessage, "kind" | "said" | "size" | "atMs">;

export class Speech {
  private readonly tell: (message: SaidMessage) => void;
  private readonly taken: Int32Array;
  private said: number;
  private dropped = 0;

  constructor(taken: SharedArrayBuffer, tell: (message: SaidMessage) => void) {
    this.taken = new Int32Array(taken);
    this.tell = tell;
    // What the thread before this one said is nobody's business any more.
    this.said = Atomics.load(this.taken, 0);
  }

  say(where: Where, said: Said): void {
    const size = PIECE + sizeOf(said);
    const untaken = (this.said - Atomics.load(this.taken, 0)) | 0;
    if (untaken > UNTAKEN_MAX) {
      this.dropped++;
      return;
    }
    this.tellDropped(where);
    this.post(where, said, size);
  }

  /** S2. */
  tellDropped(where: Where): void {
    if (this.dropped === 0) return;
    const count = this.dropped;
    this.dropped = 0;
    this.post(where, { kind: "dropped", count }, PIECE);
  }

  get hasDropped(): boolean {
    return this.dropped > 0;
  }

  private post(where: Where, said: Said, size: number): void {
    this.said = (this.said + size) | 0;
    this.tell({ kind: "said", ...where, atMs: realClock.now(), said, size });
  }
}

function sizeOf(said: Said): number {
  switch (said.kind) {
    case "output":
      return said.text.length;
    case "log":
      return said.message.length + (said.data === undefined ? 0 : JSON.stringify(said.data).length);
    case "progress":
    case "dropped":
      return 0;
    default:
      return said satisfies never;
  }
}
