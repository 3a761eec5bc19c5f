// Owns: one client process of a simulated cluster: its executor, the values that it fetches, its link to the scheduler.

import {
  ClusterClient,
  FROM_CLIENT,
  type FromClient,
  FrameWriter,
  type Holding,
  readFrames,
  TO_CLIENT,
  type ToClient,
} from "@millrace/distributed/seam";
import type { Ask, FlowRunId, RunLink, RunRequest } from "@millrace/core/seam";
import type { VirtualWorld } from "../virtual-world.js";
import type { Functions } from "./functions.js";
import type { End, Link, Network } from "./network.js";
import { SimWorker, type WorkerHost } from "./sim-worker.js";

/** The address of a worker's peers port; the store beside the scheduler has none. */
export const addressOf = (onWire: number): string => (onWire === 0 ? "" : `worker-${onWire}`);
const onWireOf = (address: string): number => (address === "" ? 0 : Number(address.slice("worker-".length)));

/** What the scheduler's side hears of a client. */
export interface ClientHost {
  received(client: SimClient, message: FromClient): void;
  /** A run, before the scheduler hears of it. */
  opens(request: RunRequest): void;
  readonly askPeer: WorkerHost["askPeer"];
  runsCaller(): boolean;
}

class SimulatedClient extends ClusterClient {
  readonly opened: (readonly [FlowRunId, RunLink])[] = [];
  opens: (request: RunRequest) => void = () => undefined;

  override open(request: RunRequest): RunLink {
    this.opens(request);
    const link = super.open(request);
    this.opened.push([request.id, link]);
    return link;
  }
}

export class SimClient {
  readonly executor: SimulatedClient;
  readonly values: SimWorker;
  private readonly network: Network;
  private readonly link: Link;
  private sentSeq = 0;
  private toldSeq = 0;

  constructor(world: VirtualWorld, network: Network, functions: Functions, host: ClientHost) {
    this.network = network;
    this.values = new SimWorker(0, world, {
      executor: () => undefined,
      code: () => undefined,
      tell: (messages) => {
        for (const message of messages) {
          if (message.kind !== "answers") continue;
          for (const given of message.answers)
            if (given.kind === "missing") this.executor.answered({ run: message.run, ...given });
        }
      },
      durationMs: () => 0,
      fetched: (given) => this.executor.answered(given),
      askPeer: host.askPeer,
    });
    const port = {
      keyOf: functions.keyOf,
      send: (messages: readonly FromClient[]) => this.send(messages),
      follow: (ask: Ask, holders: readonly Holding[], addresses: readonly string[]) =>
        this.values.follow(
          ask,
          holders.map((holding) => ({ ...holding, worker: onWireOf(addresses[holding.worker] ?? "") })),
        ),
    };
    this.executor = new SimulatedClient("SimulatedExecutor", port, () => host.runsCaller());
    this.executor.opens = (request) => host.opens(request);
    const schedulerEnd: End = {
      frames: (_link, bytes) => {
        for (const { message } of readFrames(FROM_CLIENT, bytes)) host.received(this, message);
      },
      cut: () => undefined,
    };
    const clientEnd: End = {
      frames: (_link, bytes) => {
        for (const { message } of readFrames(TO_CLIENT, bytes)) this.executor.received(message);
      },
      cut: () => undefined,
    };
    this.link = network.open([schedulerEnd, clientEnd]);
  }

  /** Scheduler to client. */
  tell(message: ToClient): void {
    const writer = new FrameWriter(TO_CLIENT);
    writer.add(message, 1, ++this.toldSeq);
    this.network.send(this.link, 0, writer.take());
  }

  private send(messages: readonly FromClient[]): void {
    const writer = new FrameWriter(FROM_CLIENT);
    for (const message of messages) writer.add(message, 1, ++this.sentSeq);
    this.network.send(this.link, 1, writer.take());
  }
}
