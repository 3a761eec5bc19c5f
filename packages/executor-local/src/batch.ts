// Owns: a batch that a thread has: which of its works are answered, taken back, asked to stop.
// B1. A position is answered once: by an outcome of the thread, or because it was taken back.

import type { Work } from "@millrace/core/seam";
import type { Lane } from "./run-book.js";
import { CELL } from "./wire.js";
import type { Works } from "./works.js";

export class Batch {
  readonly number: number;
  readonly lane: Lane;
  readonly works: Works;
  readonly postedAtMs: number;
  /** Positions below this are answered. */
  done = 0;
  /** Why a position was asked to stop. */
  readonly asked = new Map<number, Stop>();
  private readonly cells: Int32Array;

  constructor(number: number, lane: Lane, works: Works, cells: Int32Array, postedAtMs: number) {
    this.number = number;
    this.lane = lane;
    this.works = works;
    this.cells = cells;
    this.postedAtMs = postedAtMs;
  }

  /** Whether there are works behind the one that runs. */
  get mayHaveUnstarted(): boolean {
    return this.done + 1 < this.works.length;
  }

  /** Takes back a work that has not begun; false: it has, or was taken already. */
  take(position: number): boolean {
    return Atomics.compareExchange(this.cells, position, 0, CELL.taken) === 0;
  }

  /** Takes back half of the works that have not begun, from the end. */
  takeHalf(): readonly Work[] {
    const last = this.works.length - 1;
    let unstarted = 0;
    for (let at = last; at >= this.done && Atomics.load(this.cells, at) === 0; at--) unstarted++;
    const taken: Work[] = [];
    for (let at = last; taken.length < Math.ceil(unstarted / 2); at--) {
      const work = this.works.at(at);
      if (work === undefined || !this.take(at)) break;
      taken.push(work);
    }
    return taken.reverse();
  }

  /** Sets the flag that the task can see without a turn of its thread. */
  ask(position: number, stop: Stop): void {
    this.asked.set(position, stop);
    Atomics.or(this.cells, position, CELL.asked);
  }

  /** Whether the thread has the task's function: until then it runs the module. */
  get isLoaded(): boolean {
    return (Atomics.load(this.cells, 0) & CELL.loaded) !== 0;
  }

  /** The work that runs: begun, and its code not through; -1: none. */
  get running(): number {
    for (let at = this.works.length - 1; at >= this.done; at--) {
      const cell = Atomics.load(this.cells, at);
      if ((cell & CELL.claimed) !== 0) return (cell & CELL.ended) === 0 ? at : -1;
    }
    return -1;
  }

  /** One that is not answered was asked to stop. */
  get isStopping(): boolean {
    for (const position of this.asked.keys()) if (position >= this.done) return true;
    return false;
  }

  isTaken(position: number): boolean {
    return (Atomics.load(this.cells, position) & CELL.taken) !== 0;
  }
}

/** Why a work is to stop. */
export type Stop = { readonly kind: "cancelled" | "timedOut"; readonly reason: string };
