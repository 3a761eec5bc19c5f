// Owns: the processes of a simulated cluster but for its clients: the scheduler's, with the runner and both ends' sessions, and workers.
// Does not own: who drives runs over the runner, clients, what goes wrong (`disturber`).

import type { Ask, FlowRunId } from "@millrace/core/seam";
import {
  type BetweenPeers,
  type ClusterLinks,
  FROM_WORKER,
  type FromWorker,
  type Holding,
  rangeOfKey,
  type SessionOptions,
  TO_WORKER,
  type ToWorker,
} from "@millrace/distributed/seam";
import type { SeededRandom } from "../seeded-random.js";
import type { VirtualWorld } from "../virtual-world.js";
import { CheckedPlacement } from "./checked-placement.js";
import { Functions } from "./functions.js";
import { Network } from "./network.js";
import type { Holder, PeerSurroundings } from "./peer-link.js";
import { Peers } from "./peers.js";
import { SchedulerEnd } from "./scheduler-end.js";
import { type NodeFacts, nameOfNode, SimNode } from "./sim-node.js";
import { SimProcess } from "./sim-process.js";
import { SimWorker, type WorkerHost } from "./sim-worker.js";
import { SimulatedRunner } from "./simulated-runner.js";

export type FarmFacts = {
  readonly workers: number;
  readonly slots: number;
  readonly memoryMax: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: (worker: number) => readonly string[];
  readonly session: Partial<SessionOptions>;
};

/** Whoever drives runs over the farm's runner. */
export interface FarmHost {
  /** The executor that has opened the run. */
  executorOf(run: FlowRunId): object | undefined;
  follow(ask: Ask, holders: readonly Holding[]): void;
  reports(run: FlowRunId, reports: unknown): void;
  /** What is sent to a peer goes wrong. */
  readonly goesWrong: PeerSurroundings["goesWrong"];
  /** Whether what is sent to that worker now is too much for its session. */
  overflows(node: SimNode): boolean;
  /** Something was reached that a tally counts. */
  note(what: string): void;
}

export class SimFarm {
  readonly world: VirtualWorld;
  /** The scheduler's. */
  readonly process: SimProcess;
  readonly runner: SimulatedRunner;
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  readonly functions = new Functions();
  private readonly session: Partial<SessionOptions>;
  private readonly random: SeededRandom;
  private readonly host: FarmHost;
  private readonly peers: Peers;
  private readonly placement: CheckedPlacement;
  /** By their number on the wire. */
  private readonly holders = new Map<number, Holder>();
  private readonly workerEnd: SchedulerEnd<ToWorker, FromWorker>;
  private readonly processes = new Map<object, SimProcess>();
  /** Sessions of workers, by number. */
  private readonly sessions = new Map<number, string>();
  private readonly numbers = new Map<string, { readonly number: number; readonly epoch: number }>();

  constructor(
    world: VirtualWorld,
    random: SeededRandom,
    { workers, slots, memoryMax, resources, labels, session }: FarmFacts,
    host: FarmHost,
  ) {
    this.world = world;
    this.session = session;
    this.random = random;
    this.host = host;
    this.process = new SimProcess(world);
    this.network = new Network(world, random);
    const links: ClusterLinks = {
      send: (worker, messages) => {
        const [session, node] = [this.sessions.get(worker), this.nodes[worker]];
        if (session === undefined || node === undefined || messages.length === 0) return;
        if (host.overflows(node)) this.workerEnd.overflow(session);
        this.workerEnd.say(session, messages);
      },
      follow: (ask, holders) => host.follow(ask, holders),
      reports: (run, reports) => host.reports(run, reports),
      warn: (record) => this.runner.reports([record]),
    };
    this.placement = new CheckedPlacement((what) => host.note(what));
    this.runner = new SimulatedRunner(links, this.process, this.placement);
    const { process, network } = this;
    const { goesWrong } = host;
    const note = (what: string): void => host.note(what);
    this.peers = new Peers({ network, random: random.fork(1), goesWrong, note }, (peer) => this.holderOf(peer));
    this.workerEnd = new SchedulerEnd(
      "worker",
      { out: TO_WORKER, into: FROM_WORKER },
      { process, network, session, note: (what) => host.note(what) },
      {
        opened: (session, name, epoch, isNew) => {
          if (isNew) this.numbers.set(session, { number: Number(name.slice(nameOfNode(0).length - 1)), epoch });
        },
        received: (session, message) => this.received(session, message),
        lost: (session) => this.lost(session),
      },
    );
    this.nodes = Array.from({ length: workers }, (_, number) =>
      this.makeNode({ number, slots, memoryMax, resources, labels: labels(number) }),
    );
  }

  /** The scheduler says to each worker that it ends. */
  end(): void {
    this.workerEnd.end();
  }

  /** Its workers come. */
  begin(): void {
    for (const node of this.nodes) this.world.wakeAt(this.world.now() + this.random.next() * 5, () => node.begin());
  }

  addProcess(of: object, process: SimProcess): void {
    this.processes.set(of, process);
  }

  processOf(of: object): SimProcess {
    return this.processes.get(of) ?? this.process;
  }

  /** Answers come to the asker. */
  askPeer(asker: SimWorker, peer: number, message: BetweenPeers): void {
    this.peers.say(asker, peer, message);
  }

  private holderOf(peer: number): Holder | undefined {
    const node = this.nodes[peer - 1];
    if (peer > 0 && node?.isThere !== true) return undefined;
    let holder = this.holders.get(peer);
    if (holder === undefined) {
      const find: Holder["find"] = (run) => {
        if (node === undefined) return (key) => this.runner.store.get(run, rangeOfKey(key).first);
        const values = node.worker.values.of(run);
        return (key) => values.find(key);
      };
      holder = { process: node === undefined ? this.process : this.processOf(node), find, slowUntilMs: 0 };
      this.holders.set(peer, holder);
    }
    return holder;
  }

  get held(): number {
    let held = 0;
    for (const { worker } of this.nodes) for (const _ of worker.values.names()) held++;
    return held;
  }

  /** Values that a worker has and the placement does not know of. */
  strays(): readonly string[] {
    return this.nodes.flatMap(({ facts: { number }, worker }) =>
      [...worker.values.names()].flatMap(([run, key]) => {
        const { first, attempt } = rangeOfKey(key);
        const isKnown = this.runner.holders(run, [rangeOfKey(key)]).some(({ worker: holder }) => holder === number);
        return isKnown ? [] : [`worker ${number} has the value of ${first}, attempt ${attempt}, and nobody knows`];
      }),
    );
  }

  /** Where the placement takes a worker to hold what it does not: with as many values as it says, and no strays, they are the same. */
  wronglyHeld(): readonly string[] {
    return this.nodes.flatMap(({ facts: { number }, worker }) => {
      const [said, held] = [this.placement.storedAt(number), [...worker.values.names()].length];
      return said === held ? [] : [`worker ${number} has ${held} values, and is taken to have ${said}`];
    });
  }

  private received(session: string, message: FromWorker): void {
    const known = this.numbers.get(session);
    if (known === undefined) return;
    if (message.kind !== "joined") return this.runner.received(known.number, message);
    this.sessions.set(known.number, session);
    this.runner.workerJoined(known.number, known.epoch, message);
  }

  private lost(session: string): void {
    const known = this.numbers.get(session);
    this.numbers.delete(session);
    if (known === undefined || this.sessions.get(known.number) !== session) return;
    this.sessions.delete(known.number);
    this.runner.workerLost(known.number);
  }

  private makeNode(facts: NodeFacts): SimNode {
    const process = new SimProcess(this.world);
    const { network, random } = this;
    const worker = new SimWorker(facts, process, this.hostOf(facts.number));
    const note = (what: string): void => this.host.note(what);
    const node = new SimNode(facts, worker, { process, network, random, note, session: this.session }, this.workerEnd);
    this.addProcess(node, process);
    return node;
  }

  private hostOf(number: number): WorkerHost {
    return {
      executor: (run) => this.host.executorOf(run),
      code: (run, template, key) => this.functions.find(key) ?? this.runner.code.get(`${run}/${template}`),
      tell: (messages) => this.nodes[number]?.tell(messages),
      handled: () => this.nodes[number]?.leaveWhenDone(),
      // Mostly short, at times long, and now and then longer than anything else.
      durationMs: () => (this.random.chance(0.01) ? 5_000 : 60) * this.random.next() ** 4,
      fetched: () => undefined,
      note: (what) => this.host.note(what),
      askPeer: (peer, message) => {
        const asker = this.nodes[number]?.worker;
        if (asker !== undefined) this.askPeer(asker, peer, message);
      },
      died: () => {
        const worker = this.nodes[number]?.worker;
        if (worker !== undefined) this.peers.died(worker, number + 1);
      },
    };
  }
}
