// Owns: what waits to be said because the scheduler does not keep up.
// O1. In order, over all runs. What waits is made when it may go: pieces of a value do not stand here one by one.

import { Fifo } from "@millrace/core/pure";
import type { FromClient } from "../protocol/messages.js";

type Waiting = { readonly rest: Iterator<FromClient>; readonly failed: (error: unknown) => void };

export class Outbox {
  private readonly send: (messages: readonly FromClient[]) => boolean;
  private readonly waiting = new Fifo<Waiting>();
  private isFull = false;

  constructor(send: (messages: readonly FromClient[]) => boolean) {
    this.send = send;
  }

  /** Throws what cannot be sent; `failed` is told where that is seen later. */
  say(messages: Iterable<FromClient>, failed: (error: unknown) => void): void {
    const rest = messages[Symbol.iterator]();
    if (!this.waiting.empty || !this.sendAll(rest)) this.waiting.push({ rest, failed });
  }

  /** The scheduler keeps up again. */
  drained(): void {
    this.isFull = false;
    for (let first = this.waiting.first(); first !== undefined; first = this.waiting.first()) {
      try {
        if (!this.sendAll(first.rest)) return;
      } catch (error) {
        first.failed(error);
      }
      this.waiting.shift();
    }
  }

  /** Nobody would hear it. */
  clear(): void {
    this.isFull = false;
    this.waiting.clear();
  }

  /** False: some of it may wait. */
  private sendAll(rest: Iterator<FromClient>): boolean {
    while (!this.isFull) {
      const next = rest.next();
      if (next.done === true) return true;
      this.isFull = !this.send([next.value]);
    }
    return false;
  }
}
