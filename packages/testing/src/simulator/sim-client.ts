// Owns: one client process of a simulated cluster: its executor, the values that it fetches, its session.

import {
  type ClientLink,
  ClusterClient,
  FROM_CLIENT,
  type FromClient,
  type Holding,
  TO_CLIENT,
  type ToClient,
} from "@millrace/distributed/seam";
import type { Ask, FlowRunId, RunRequest } from "@millrace/core/seam";
import { DiallingEnd, type Surroundings } from "./dialling-end.js";
import type { Functions } from "./functions.js";
import type { SchedulerEnd } from "./scheduler-end.js";
import { SimWorker, type WorkerHost } from "./sim-worker.js";

/** The address of a worker's peers port; the store beside the scheduler has none. */
export const addressOf = (onWire: number): string => (onWire === 0 ? "" : `worker-${onWire}`);
const onWireOf = (address: string): number => (address === "" ? 0 : Number(address.slice("worker-".length)));

/** Who is told of what a client does. */
export interface ClientHost {
  /** A run, before the scheduler hears of it. */
  opens(request: RunRequest): void;
  readonly askPeer: WorkerHost["askPeer"];
  runsCaller(): boolean;
}

class SimulatedClient extends ClusterClient {
  readonly opened: (readonly [FlowRunId, ClientLink])[] = [];
  opens: (request: RunRequest) => void = () => undefined;

  override open(request: RunRequest): ClientLink {
    this.opens(request);
    const link = super.open(request);
    this.opened.push([request.id, link]);
    return link;
  }
}

export class SimClient {
  readonly executor: SimulatedClient;
  readonly values: SimWorker;
  readonly end: DiallingEnd<FromClient, ToClient>;

  constructor(
    name: string,
    functions: Functions,
    around: Surroundings,
    scheduler: SchedulerEnd<ToClient, FromClient>,
    host: ClientHost,
  ) {
    this.values = new SimWorker({ slots: 0, memoryMax: 0 }, around.process, {
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
      clock: around.process,
      isLinked: () => this.end.isLinked,
      send: (messages: readonly FromClient[]) => this.end.say(messages),
      follow: (ask: Ask, holders: readonly Holding[], addresses: readonly string[]) =>
        this.values.follow(
          ask,
          holders.map((holding) => ({ ...holding, worker: onWireOf(addresses[holding.worker] ?? "") })),
        ),
    };
    this.executor = new SimulatedClient("SimulatedExecutor", port, () => host.runsCaller());
    this.executor.opens = (request) => host.opens(request);
    this.end = new DiallingEnd("client", name, { out: FROM_CLIENT, into: TO_CLIENT }, around, scheduler, {
      opened: () => undefined,
      received: (message) => this.executor.received(message),
      drained: () => this.executor.drained(),
      lost: (isOver) => {
        if (isOver) this.executor.over("its session is over");
        else this.executor.lost("its session is over");
        this.values.forgotten();
      },
    });
  }

  /** Says that it is over. */
  leave(): void {
    this.end.end();
    this.executor.over("this client has left");
  }
}
