// Owns: the workers of a simulated cluster, their runner, the network, and what goes wrong with them.
// Does not own: who drives runs over the runner, clients.

import type { Ask, FlowRunId } from "@millrace/core/seam";
import {
  type BetweenPeers,
  type ClusterLinks,
  type ClusterRunner,
  type Holding,
  rangeOfKey,
  validatePlacement,
} from "@millrace/distributed/seam";
import type { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import { type ClusterFaults, FAULTS } from "./faults.js";
import { Functions } from "./functions.js";
import { Network } from "./network.js";
import { Peers } from "./peers.js";
import { type NodeFacts, SimNode } from "./sim-node.js";
import { SimWorker, type WorkerHost } from "./sim-worker.js";
import { SimulatedRunner } from "./simulated-runner.js";

export type SimulatedOptions = {
  /** By default 4. */
  readonly workers?: number;
  /** Tasks that a worker runs at a time, by default 2. */
  readonly slots?: number;
  readonly faults?: ClusterFaults;
  /** What each worker has of resources. */
  readonly resources?: Readonly<Record<string, number>>;
  /** What ought not to have happened; without it the process ends. */
  readonly onProblem?: (problem: string) => void;
  /** Each event of a scheduler, as a line. */
  readonly onTrace?: ((line: string) => void) | undefined;
};

/** Whoever drives runs over the farm's runner. */
export interface FarmHost {
  /** The executor that has opened the run. */
  executorOf(run: FlowRunId): object | undefined;
  follow(ask: Ask, holders: readonly Holding[]): void;
  reports(run: FlowRunId, reports: unknown): void;
  /** After each step of the world. */
  stepped(): void;
}

/** So often a task run may lose what ran it, and not fail for it. */
const DEATHS_MAX = 2;

export class SimFarm {
  readonly world: VirtualWorld;
  readonly runner: SimulatedRunner;
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  readonly functions = new Functions();
  readonly random: SeededRandom;
  /** Faults of each kind that happened. */
  readonly happened = new Map<string, number>();
  /** Attempts that died. */
  losses = 0;
  onQuiet: () => void = () => undefined;
  private readonly host: FarmHost;
  private readonly peers: Peers;
  private readonly faults: ClusterFaults;
  private readonly deaths = new Map<string, number>();

  constructor(
    random: SeededRandom,
    { workers = 4, slots = 2, faults = FAULTS, resources = {}, onProblem }: SimulatedOptions,
    host: FarmHost,
  ) {
    this.random = random;
    this.faults = faults;
    this.host = host;
    this.world = new VirtualWorld(
      this.random,
      () => this.afterStep(),
      () => this.onQuiet(),
      onProblem,
    );
    this.network = new Network(this.world, this.random);
    this.peers = new Peers(this.world, this.random, (kind) => this.goesWrong(kind));
    const links: ClusterLinks = {
      send: (worker, messages) => this.nodes[worker]?.send(messages),
      follow: (ask, holders) => host.follow(ask, holders),
      reports: (run, reports) => host.reports(run, reports),
      warn: (record) => this.runner.reports([record]),
    };
    this.runner = new SimulatedRunner(links, this.world);
    this.nodes = Array.from({ length: workers }, (_, number) =>
      this.makeNode({ number, slots, resources, labels: [] }),
    );
  }

  /** Its workers join. */
  begin(): void {
    for (const node of this.nodes) this.soon(() => node.join());
  }

  /** For `asker`, which is told of pieces and of the end. */
  askPeer(asker: () => SimWorker | undefined, peer: number, message: BetweenPeers): void {
    if (message.kind !== "wanted") return;
    const { run, request } = message;
    this.peers.ask(
      message,
      () => {
        if (peer === 0) return (key) => this.runner.store.get(run, rangeOfKey(key).first);
        const values = this.nodes[peer - 1]?.worker.values.of(run);
        return values === undefined ? undefined : (key) => values.find(key);
      },
      (given) => asker()?.fromPeer(given),
      () => asker()?.requestEnded(request, []),
    );
  }

  private makeNode(facts: NodeFacts): SimNode {
    const { number, slots } = facts;
    const worker = new SimWorker(slots, this.world, this.hostOf(number));
    const host = {
      joined: (...given: Parameters<ClusterRunner["workerJoined"]>) => this.runner.workerJoined(...given),
      received: (...given: Parameters<ClusterRunner["received"]>) => this.runner.received(...given),
      lost: (lost: number) => this.runner.workerLost(lost),
    };
    return new SimNode(facts, worker, this.network, host, (again) => this.soon(again, 100));
  }

  private hostOf(number: number): WorkerHost {
    return {
      executor: (run) => this.host.executorOf(run),
      code: (run, template, key) => this.functions.find(key) ?? this.runner.code.get(`${run}/${template}`),
      tell: (messages) => this.nodes[number]?.tell(messages),
      // Mostly short, at times long.
      durationMs: () => this.random.next() ** 4 * 60,
      fetched: () => undefined,
      askPeer: (peer, message) => this.askPeer(() => this.nodes[number]?.worker, peer, message),
    };
  }

  soon(step: () => void, mostMs = 5): void {
    this.world.wakeAt(this.world.now() + this.random.next() * mostMs, step);
  }

  private afterStep(): void {
    validatePlacement(this.runner.placement.state);
    this.host.stepped();
    if (this.random.chance(this.faults.repeat)) this.repeat();
    const node = this.nodes[this.random.below(this.nodes.length)];
    if (node?.link === undefined) return;
    const kind = (["crash", "cut", "stall"] as const)[this.random.below(3)] ?? "cut";
    if (!this.random.chance(this.faults[kind]) || this.count >= this.faults.most) return;
    if (kind === "stall") {
      this.note(kind);
      // Never earlier than what is under way: the order of frames holds (N1 of `network`).
      const { lastMs } = node.link;
      for (const way of [0, 1] as const)
        lastMs[way] = Math.max(lastMs[way], this.world.now() + this.random.next() * 200);
      return;
    }
    if (!this.mayDie(node)) return;
    this.note(kind);
    if (kind === "cut") node.cut();
    else node.crash();
  }

  private repeat(): void {
    const again = this.runner.told[this.random.below(this.runner.told.length)];
    if (again === undefined) return;
    this.happened.set("repeat", (this.happened.get("repeat") ?? 0) + 1);
    again();
  }

  /** Of all works that are there: one whose outcome is lost with the link counts as one that ran. */
  private mayDie({ facts: { number }, worker }: SimNode): boolean {
    const works = [...(this.runner.placement.state.workers.get(number)?.works ?? [])].map(
      ({ name: { run, taskRun } }) => `${run}/${taskRun}`,
    );
    const mayRerun = worker
      .running()
      .every(({ template: { rerun } }) => rerun !== "never" && rerun.deaths > DEATHS_MAX);
    if (!mayRerun || works.some((name) => (this.deaths.get(name) ?? 0) >= DEATHS_MAX)) return false;
    for (const name of works) this.deaths.set(name, (this.deaths.get(name) ?? 0) + 1);
    this.losses++;
    return true;
  }

  strays(): readonly string[] {
    return this.nodes.flatMap(({ facts: { number }, worker }) =>
      [...worker.values.names()].flatMap(([run, key]) => {
        const { first, attempt } = rangeOfKey(key);
        const isKnown = this.runner.holders(run, [rangeOfKey(key)]).some(({ worker: holder }) => holder === number);
        return isKnown ? [] : [`worker ${number} has the value of ${first}, attempt ${attempt}, and nobody knows`];
      }),
    );
  }

  private get count(): number {
    let count = 0;
    for (const [kind, times] of this.happened) if (kind !== "repeat") count += times;
    return count;
  }

  private goesWrong(kind: "truncate" | "corrupt" | "silence"): boolean {
    if (!this.random.chance(this.faults[kind]) || this.count >= this.faults.most) return false;
    // The value may have to be made again.
    this.losses++;
    this.note(kind);
    return true;
  }

  private note(kind: string): void {
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
  }
}
