// Owns: what a thread shares with the process: its own port, the claim cells, what runs now.

import type { MessagePort } from "node:worker_threads";
import type { AttemptContext } from "@millrace/core/seam";
import { BATCH_MAX, CELL, type FromThread, type Open, type ToPort } from "../wire.js";
import { Speech } from "./speech.js";

/** The work whose user code has begun and is not through. */
export type Current = {
  readonly batch: number;
  readonly position: number;
  readonly context: AttemptContext;
  /** Ends the attempt with an error that reached nobody. */
  fail(error: unknown): void;
};

export class Link {
  current: Current | undefined;
  readonly speech: Speech;
  private readonly port: MessagePort;
  private readonly cells: Int32Array;
  private readonly beganAt: Float64Array;

  constructor({ port, cells, beganAt, taken }: Open) {
    this.port = port;
    this.speech = new Speech(taken, (message) => this.tell(message));
    this.cells = new Int32Array(cells);
    this.beganAt = new Float64Array(beganAt);
    port.on("message", (message: ToPort) => this.heard(message));
    // Piscina's own port keeps the thread there.
    port.unref();
  }

  tell(message: FromThread, moved: readonly ArrayBuffer[] = []): void {
    this.port.postMessage(message, [...moved]);
  }

  /** False: it was taken back. */
  claim(position: number): boolean {
    return Atomics.compareExchange(this.cells, position, 0, CELL.claimed) === 0;
  }

  /** In this order: who reads the position finds its time. */
  began(position: number, atMs: number): void {
    this.beganAt[0] = atMs;
    Atomics.store(this.cells, BATCH_MAX, position);
  }

  note(position: number, bit: number): void {
    Atomics.or(this.cells, position, bit);
  }

  isAsked(position: number): boolean {
    return (Atomics.load(this.cells, position) & CELL.asked) !== 0;
  }

  private heard({ batch, position, reason }: ToPort): void {
    const { current } = this;
    if (current?.batch === batch && current.position === position) current.context.cancel(reason);
  }
}
