// Owns: one worker of a simulated cluster and its link to the scheduler: joining, being cut off, dying, coming back.

import {
  FROM_WORKER,
  type FromWorker,
  FrameWriter,
  type Joined,
  readFrames,
  TO_WORKER,
  type ToWorker,
} from "@millrace/distributed/seam";
import { addressOf } from "./sim-client.js";
import type { End, Link, Network } from "./network.js";
import type { SimWorker } from "./sim-worker.js";

/** What the scheduler's side hears. */
export interface NodeHost {
  joined(worker: number, epoch: number, message: Joined): void;
  received(worker: number, message: FromWorker): void;
  lost(worker: number): void;
}

export type NodeFacts = {
  readonly number: number;
  readonly slots: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
};

export class SimNode {
  readonly facts: NodeFacts;
  readonly worker: SimWorker;
  link: Link | undefined;
  private readonly network: Network;
  private readonly host: NodeHost;
  private epoch = 0;
  private sentSeq = 0;
  private toldSeq = 0;
  /** Ends of a link that is gone that have noticed. */
  private noticed = 0;
  private readonly comeBack: (again: () => void) => void;

  /** `comeBack`: some time later. */
  constructor(facts: NodeFacts, worker: SimWorker, network: Network, host: NodeHost, comeBack: SimNode["comeBack"]) {
    this.facts = facts;
    this.worker = worker;
    this.network = network;
    this.host = host;
    this.comeBack = comeBack;
  }

  join(): void {
    this.epoch++;
    this.sentSeq = 0;
    this.toldSeq = 0;
    this.noticed = 0;
    this.link = this.network.open([this.schedulerEnd(this.epoch), this.workerEnd(this.epoch)]);
    const { slots, resources, labels } = this.facts;
    this.tell([{ kind: "joined", address: addressOf(this.facts.number + 1), slots, resources, labels, memoryMax: 0 }]);
  }

  /** Scheduler to worker. */
  send(messages: readonly ToWorker[]): void {
    if (this.link === undefined) return;
    const writer = new FrameWriter(TO_WORKER);
    for (const message of messages) writer.add(message, this.epoch, ++this.sentSeq);
    this.network.send(this.link, 0, writer.take());
  }

  /** Worker to scheduler. */
  tell(messages: readonly FromWorker[]): void {
    if (this.link === undefined) return;
    const writer = new FrameWriter(FROM_WORKER);
    for (const message of messages) writer.add(message, this.epoch, ++this.toldSeq);
    this.network.send(this.link, 1, writer.take());
  }

  cut(): void {
    if (this.link !== undefined) this.network.cut(this.link);
  }

  crash(): void {
    this.worker.die();
    this.cut();
  }

  private schedulerEnd(epoch: number): End {
    return {
      frames: (_link, bytes) => {
        for (const { message } of readFrames(FROM_WORKER, bytes)) {
          if (message.kind === "joined") this.host.joined(this.facts.number, epoch, message);
          else this.host.received(this.facts.number, message);
        }
      },
      cut: () => {
        this.host.lost(this.facts.number);
        this.notice();
      },
    };
  }

  private workerEnd(epoch: number): End {
    return {
      frames: (_link, bytes) => {
        if (epoch !== this.epoch) return;
        for (const { message } of readFrames(TO_WORKER, bytes)) this.worker.received(message);
      },
      cut: () => {
        this.worker.forgotten();
        this.notice();
      },
    };
  }

  private notice(): void {
    this.noticed++;
    if (this.noticed < 2) return;
    this.link = undefined;
    this.comeBack(() => this.join());
  }
}
