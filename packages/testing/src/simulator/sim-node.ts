// Owns: one worker process of a simulated cluster: its session, joining, leaving, dying and coming back.

import { FROM_WORKER, type FromWorker, TO_WORKER, type ToWorker } from "@millrace/distributed/seam";
import { DiallingEnd, type Surroundings } from "./dialling-end.js";
import type { SchedulerEnd } from "./scheduler-end.js";
import { addressOf } from "./sim-client.js";
import type { SimWorker } from "./sim-worker.js";

export type NodeFacts = {
  readonly number: number;
  readonly slots: number;
  /** In bytes; 0: no limit. */
  readonly memoryMax: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
};

/** So long a worker that leaves waits for the scheduler to have seen what it said. */
const LEAVE_MS = 5_000;
const LEAVING: FromWorker = { kind: "leaving", reason: "asked to" };

export const nameOfNode = (number: number): string => `worker-${number}`;

export class SimNode {
  readonly facts: NodeFacts;
  readonly worker: SimWorker;
  readonly end: DiallingEnd<FromWorker, ToWorker>;
  private readonly around: Surroundings;
  /** Not while it is dead. */
  isThere = false;
  private isLeaving = false;
  /** What it said last is still to be seen. */
  private isEnding = false;

  constructor(
    facts: NodeFacts,
    worker: SimWorker,
    around: Surroundings,
    scheduler: SchedulerEnd<ToWorker, FromWorker>,
  ) {
    this.facts = facts;
    this.worker = worker;
    this.around = around;
    this.end = new DiallingEnd(
      "worker",
      nameOfNode(facts.number),
      { out: FROM_WORKER, into: TO_WORKER },
      around,
      scheduler,
      {
        opened: (isNew) => {
          if (isNew) this.join();
        },
        received: (message) => {
          this.worker.received(message);
          this.leaveWhenDone();
        },
        lost: () => this.worker.forgotten(),
      },
    );
  }

  begin(): void {
    this.isThere = true;
    this.end.begin();
  }

  tell(messages: readonly FromWorker[]): void {
    this.end.say(messages);
    this.leaveWhenDone();
  }

  crash(): void {
    this.worker.die();
    this.end.die();
    this.comeBack();
  }

  /** Finishes what has begun, gives back the rest, and goes. False: it is at it. */
  leave(): boolean {
    if (this.isLeaving) return false;
    this.tell([LEAVING]);
    this.worker.drain();
    this.isLeaving = true;
    this.leaveWhenDone();
    return true;
  }

  /** Also where the last that ran ended without a word: whoever gave it had forgotten it. */
  leaveWhenDone(): void {
    if (!this.isLeaving || this.isEnding || this.worker.state.running > 0) return;
    this.isEnding = true;
    this.end.end(LEAVE_MS, () => {
      this.worker.die();
      this.end.die();
      this.comeBack();
    });
  }

  private comeBack(): void {
    this.isLeaving = false;
    this.isEnding = false;
    this.isThere = false;
    const { process, random } = this.around;
    process.wakeAt(process.now() + random.next() * 100, () => this.begin());
  }

  private join(): void {
    const { number, slots, memoryMax, resources, labels } = this.facts;
    const joined: FromWorker = {
      kind: "joined",
      address: addressOf(number + 1),
      slots,
      resources,
      labels,
      memoryMax,
    };
    // Whoever takes it for a new one does not know that it is on its way out, or has no memory left.
    const more = [
      ...(this.isLeaving ? [LEAVING] : []),
      ...(this.worker.state.level === "free" ? [] : [this.worker.status()]),
    ];
    this.tell([joined, ...more]);
  }
}
