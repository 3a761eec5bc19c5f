// Owns: one thread, as long as the executor lives: started again whenever it dies. A piscina pool of one, so that whoever
//       asks knows which thread runs what.
// Does not own: what it is given (`threads-runner`).
// T1. A death is told after all that the thread had posted was read: its port closes behind its last message.
// T2. A thread that dies before it was ready is not started again: it would die again, for ever.

import { EventEmitter } from "node:events";
import { MessageChannel, type MessagePort, receiveMessageOnPort } from "node:worker_threads";
import { Piscina } from "piscina";
import type { Batch } from "./batch.js";
import { threadFile } from "./host.js";
import {
  BATCH_MAX,
  type BatchMessage,
  type FromThread,
  type Open,
  type OutcomesMessage,
  type SaidMessage,
  type ThreadNews,
  type ToPort,
} from "./wire.js";

export type ThreadLimits = {
  /** In MiB. */
  readonly maxOldGenerationSizeMb?: number;
  readonly maxYoungGenerationSizeMb?: number;
  readonly codeRangeSizeMb?: number;
  readonly stackSizeMb?: number;
};
export type ThreadOptions = {
  readonly resourceLimits: ThreadLimits | undefined;
  readonly env: Readonly<Record<string, string>> | undefined;
};

/** Whom a thread tells what becomes of it. */
export interface ThreadHost {
  ready(thread: Thread): void;
  outcomes(thread: Thread, batch: Batch, message: OutcomesMessage, isLast: boolean): void;
  /** `batch`: the one that it was said in, if the thread still has it. */
  said(thread: Thread, message: SaidMessage, batch: Batch | undefined): void;
  told(thread: Thread, message: ThreadNews): void;
  /** It no longer runs anything; another one starts in its place. */
  died(thread: Thread, batch: Batch | undefined, death: Error): void;
  /** It could not be started. */
  failed(thread: Thread, error: Error): void;
}

type State = "starting" | "idle" | "busy" | "dying" | "closed";

export class Thread {
  /** Runs and templates that it was told. */
  readonly knows = new Set<number>();
  /** Runs that have ended, which it is still to hear. */
  forget: number[] = [];
  /** Takes back the timer that watches its batch. */
  unwatch: (() => void) | undefined;
  batch: Batch | undefined;
  /** Shared with the thread, and with the one that comes after it. */
  readonly cells = new Int32Array(new SharedArrayBuffer(4 * (BATCH_MAX + 1)));
  readonly beganAt = new Float64Array(new SharedArrayBuffer(8));
  /** Of its team, from 1 on. */
  readonly number: number;
  private readonly taken = new Int32Array(new SharedArrayBuffer(4));
  private state: State = "starting";
  private readonly host: ThreadHost;
  private readonly pool: Piscina;
  private port: MessagePort | undefined;
  private killer = new EventEmitter();
  private death: Error | undefined;
  private portIsClosed = false;

  constructor(number: number, options: ThreadOptions, host: ThreadHost) {
    this.number = number;
    this.host = host;
    this.pool = new Piscina({
      filename: threadFile(),
      name: "handle",
      minThreads: 1,
      maxThreads: 1,
      idleTimeout: Number.POSITIVE_INFINITY,
      concurrentTasksPerWorker: 1,
      atomics: "disabled",
      recordTiming: false,
      execArgv: [],
      ...(options.resourceLimits === undefined ? undefined : { resourceLimits: options.resourceLimits }),
      ...(options.env === undefined ? undefined : { env: { ...options.env } }),
    });
    // What a thread without a task dies of: its end is told by `workerDestroy`.
    this.pool.on("error", (error: unknown) => this.dies(error));
    this.pool.on("workerDestroy", () => this.dies(new Error("the thread ended by itself")));
    this.open();
  }

  get isIdle(): boolean {
    return this.state === "idle";
  }

  get isBusy(): boolean {
    return this.state === "busy" || this.state === "dying";
  }

  /** `moved`: memory that is the thread's from here on. */
  post(batch: Batch, message: BatchMessage, moved: readonly ArrayBuffer[]): void {
    this.batch = batch;
    this.state = "busy";
    this.pool.run(message, { signal: this.killer, transferList: [...moved] }).then(
      (result: OutcomesMessage) => {
        if (this.batch !== batch || this.state !== "busy") return;
        this.drain();
        this.state = "idle";
        this.batch = undefined;
        this.host.outcomes(this, batch, result, true);
      },
      (error: unknown) => this.dies(error),
    );
  }

  /** Before a batch is posted: nothing is claimed, nothing has begun. */
  clear(): void {
    this.cells.fill(0);
    this.cells[BATCH_MAX] = -1;
    this.beganAt[0] = 0;
  }

  tell(message: ToPort): void {
    this.port?.postMessage(message);
  }

  /** Ends it, whatever it does. */
  kill(): void {
    if (this.state !== "busy") return;
    this.killer.emit("abort");
  }

  async close(): Promise<void> {
    this.state = "closed";
    // Else the late end of a thread that was killed before would start another one behind our back.
    Object.assign(this.pool.options, { minThreads: 0 });
    await this.pool.destroy();
    this.port?.close();
  }

  private open(): void {
    const { port1, port2 } = new MessageChannel();
    this.port = port1;
    this.portIsClosed = false;
    this.death = undefined;
    this.killer = new EventEmitter();
    this.knows.clear();
    this.forget = [];
    this.state = "starting";
    port1.on("message", (message: FromThread) => this.heard(message));
    port1.on("close", () => {
      if (this.port !== port1) return;
      this.portIsClosed = true;
      this.endDeath();
    });
    port1.unref();
    const open: Open = {
      kind: "open",
      port: port2,
      cells: this.cells.buffer,
      beganAt: this.beganAt.buffer,
      taken: this.taken.buffer,
    };
    this.pool.run(open, { transferList: [port2] }).then(
      () => {
        if (this.state !== "starting") return;
        this.state = "idle";
        this.host.ready(this);
      },
      (error: unknown) => this.dies(error),
    );
  }

  /** W2: what was posted before the result counts before it. */
  private drain(): void {
    if (this.port === undefined) return;
    for (let next = receiveMessageOnPort(this.port); next !== undefined; next = receiveMessageOnPort(this.port))
      this.heard(next.message);
  }

  private heard(message: FromThread): void {
    if (this.state === "closed") return;
    if (message.kind === "said") {
      this.host.said(this, message, this.batch?.number === message.batch ? this.batch : undefined);
      Atomics.add(this.taken, 0, message.size);
    } else if (message.kind !== "outcomes") this.host.told(this, message);
    else if (this.batch?.number === message.batch) this.host.outcomes(this, this.batch, message, false);
  }

  /** The first one to say so counts, but piscina's word on why a task ended says more than that the thread has. */
  private dies(error: unknown): void {
    if (this.state === "closed") return;
    const reason = error instanceof Error ? error : new Error(String(error));
    if (this.state === "starting" || reason.name === "DataCloneError") {
      this.state = "closed";
      this.host.failed(this, reason);
      return;
    }
    const isFirst = this.state !== "dying";
    this.state = "dying";
    if (this.death === undefined || this.batch !== undefined) this.death = reason;
    // Piscina says that the thread ended just before it says why.
    if (!isFirst) return;
    this.port?.ref();
    setImmediate(() => this.endDeath());
  }

  /** T1. */
  private endDeath(): void {
    if (this.state !== "dying" || !this.portIsClosed || this.death === undefined) return;
    const [death, batch] = [this.death, this.batch];
    this.batch = undefined;
    this.open();
    this.host.died(this, batch, death);
  }
}
