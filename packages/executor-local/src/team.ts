// Owns: the threads of a runner while it is up: which is free, the spare ones, warm-up, the end of all.

import type { RunBook } from "./run-book.js";
import { Thread, type ThreadHost, type ThreadOptions } from "./thread.js";

export class Team {
  readonly threads: Thread[] = [];
  /** All of the first are ready. */
  readonly warm: Promise<void>;
  private readonly options: ThreadOptions & { readonly threads: number; readonly spareThreads: number };
  private readonly host: ThreadHost;
  private warming: number;
  private isWarm: () => void = () => undefined;
  private cannotWarm: (error: Error) => void = () => undefined;

  constructor(options: ThreadOptions & { readonly threads: number; readonly spareThreads: number }, host: ThreadHost) {
    this.options = options;
    this.host = {
      ready: (thread) => {
        if (--this.warming === 0) this.isWarm();
        host.ready(thread);
      },
      outcomes: (thread, batch, message, isLast) => host.outcomes(thread, batch, message, isLast),
      said: (thread, message, batch) => host.said(thread, message, batch),
      told: (thread, message) => host.told(thread, message),
      died: (thread, batch, death) => host.died(thread, batch, death),
      failed: (thread, error) => {
        this.cannotWarm(error);
        host.failed(thread, error);
      },
    };
    this.warming = options.threads;
    this.warm = new Promise((resolve, reject) => {
      this.isWarm = resolve;
      this.cannotWarm = reject;
    });
    // The runner's host hears of it anyway.
    this.warm.catch(() => undefined);
    for (let i = 0; i < options.threads; i++) this.add();
  }

  /** How many batches could be begun now. */
  get idle(): number {
    let [busy, idle] = [0, 0];
    for (const thread of this.threads) {
      if (thread.isBusy) busy++;
      else if (thread.isIdle) idle++;
    }
    return Math.min(idle, this.options.threads - busy);
  }

  takeIdle(): Thread | undefined {
    return this.idle > 0 ? this.threads.find((thread) => thread.isIdle) : undefined;
  }

  /** They stand by for one that dies. */
  addSpares(): void {
    while (this.threads.length < this.options.threads + this.options.spareThreads) this.add();
  }

  /** A run has ended: what threads were told of it is let go on both sides. */
  forget(book: RunBook): void {
    for (const thread of this.threads) {
      if (!thread.knows.delete(book.number)) continue;
      for (const lane of book.all()) thread.knows.delete(lane.number);
      thread.forget.push(book.number);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.threads.map((thread) => thread.close()));
  }

  private add(): void {
    this.threads.push(new Thread(this.threads.length + 1, this.options, this.host));
  }
}
