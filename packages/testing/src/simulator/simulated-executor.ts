// Owns: a whole cluster in this process, on virtual time, from a seed: a scheduler process, workers that run the user's functions,
// a network between them, and what goes wrong.
// S1. Everything that is said between processes is frames: encoded, carried, decoded.

import {
  type Answer,
  type Clock,
  type CloseMode,
  ExecutorOver,
  type FlowRunId,
  type Runner,
  type RunnerHost,
  type TemplateId,
  type WorkBatch,
  workInside,
  type WorkTemplate,
} from "@millrace/core/seam";
import {
  type BetweenPeers,
  type ClusterLinks,
  ClusterRunner,
  type FromWorker,
  rangeOfKey,
} from "@millrace/distributed/seam";
import { CheckedRuns } from "../hostile/checked-runs.js";
import { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import { CheckedPlacement } from "./checked-placement.js";
import { type ClusterFaults, FAULTS } from "./faults.js";
import { Network } from "./network.js";
import { Peers } from "./peers.js";
import { type NodeFacts, SimNode } from "./sim-node.js";
import { SimWorker, type WorkerHost } from "./sim-worker.js";

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

type Losses = { readonly lost: ReadonlySet<number>; readonly attempt: (row: number) => number };

/** So often a task run may lose what ran it, and not fail for it. */
const DEATHS_MAX = 2;

class SimulatedRunner extends ClusterRunner {
  readonly code = new Map<string, WorkTemplate>();
  onKilled: () => void = () => undefined;
  /** What its host was told, to be told again: outcomes and hints may come twice, however late. */
  told: { readonly run: FlowRunId | undefined; readonly again: () => void }[] = [];

  override start(host: RunnerHost): Promise<void> {
    return super.start({
      demand: (limit) => host.demand(limit),
      answers: (answers) => host.answers(answers),
      reports: (reports) => host.reports(reports),
      failed: (error) => host.failed(error),
      outcomes: (batches, nowMs) => {
        this.told.push({ run: batches[0]?.run, again: () => host.outcomes(batches) });
        host.outcomes(batches, nowMs);
      },
      valuesLost: (run, values) => {
        this.told.push({ run, again: () => host.valuesLost(run, values) });
        host.valuesLost(run, values);
      },
    });
  }

  override dispatch(batches: readonly WorkBatch[]): void {
    for (const { run, template } of batches) this.code.set(`${run.id}/${template.id}`, template);
    super.dispatch(batches);
  }

  override async close(mode: CloseMode): Promise<void> {
    await super.close(mode);
    if (mode === "kill") this.onKilled();
  }

  override dropRun(run: FlowRunId): void {
    super.dropRun(run);
    this.told = this.told.filter((told) => told.run !== run);
    for (const name of this.code.keys()) if (name.startsWith(`${run}/`)) this.code.delete(name);
  }
}

class Cluster {
  readonly world: VirtualWorld;
  readonly runner: SimulatedRunner;
  readonly nodes: readonly SimNode[];
  readonly network: Network;
  executor: object | undefined;
  /** Faults of each kind that happened. */
  readonly happened = new Map<string, number>();
  /** Attempts that died. */
  losses = 0;
  onQuiet: () => void = () => undefined;
  private readonly client: SimWorker;
  private readonly peers: Peers;
  private readonly random: SeededRandom;
  private readonly faults: ClusterFaults;
  private readonly deaths = new Map<string, number>();

  constructor(seed: number, { workers = 4, slots = 2, faults = FAULTS, resources = {}, onProblem }: SimulatedOptions) {
    this.random = new SeededRandom(seed * 7919 + 1);
    this.faults = faults;
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
      follow: (ask, holders) => this.client.follow(ask, holders),
      warn: () => undefined,
    };
    this.runner = new SimulatedRunner(links, this.world, new CheckedPlacement());
    this.client = new SimWorker(0, this.world, this.hostOf(-1));
    this.nodes = Array.from({ length: workers }, (_, number) =>
      this.makeNode({ number, slots, resources, labels: [] }),
    );
  }

  /** Its workers join. */
  begin(): void {
    for (const node of this.nodes) this.soon(() => node.join());
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
    const executor = (): object | undefined => this.executor;
    return {
      get executor() {
        return executor();
      },
      code: (run: FlowRunId, template: TemplateId) => this.runner.code.get(`${run}/${template}`),
      tell: (messages) => {
        if (number < 0) this.clientTells(messages);
        else this.nodes[number]?.tell(messages);
      },
      // Mostly short, at times long.
      durationMs: () => this.random.next() ** 4 * 60,
      fetched: (given: Answer) => this.runner.answered([given]),
      askPeer: (peer, message) => this.askPeer(number, peer, message),
      report: () => undefined,
    };
  }

  /** Values that it looked for and nobody has. */
  private clientTells(messages: readonly FromWorker[]): void {
    for (const message of messages) {
      if (message.kind !== "answers") continue;
      for (const given of message.answers)
        if (given.kind === "missing") this.runner.answered([{ run: message.run, ...given }]);
    }
  }

  private askPeer(from: number, peer: number, message: BetweenPeers): void {
    const asker = from < 0 ? this.client : this.nodes[from]?.worker;
    if (message.kind !== "wanted") return;
    const { run, request } = message;
    this.peers.ask(
      message,
      () => {
        if (peer === 0) return (key) => this.runner.store.get(run, rangeOfKey(key).first);
        const values = this.nodes[peer - 1]?.worker.values.of(run);
        return values === undefined ? undefined : (key) => values.find(key);
      },
      (given) => asker?.fromPeer(given),
      () => asker?.requestEnded(request, []),
    );
  }

  private soon(step: () => void, mostMs = 5): void {
    this.world.wakeAt(this.world.now() + this.random.next() * mostMs, step);
  }

  private afterStep(): void {
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
    const found = this.runner.told[this.random.below(this.runner.told.length)];
    if (found === undefined) return;
    this.happened.set("repeat", (this.happened.get("repeat") ?? 0) + 1);
    found.again();
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

  held(): number {
    let held = 0;
    for (const { worker } of this.nodes) for (const _ of worker.values.names()) held++;
    return held;
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

/**
 * The runner of a simulated cluster by itself, and the time that it lives in; its workers join as soon as that goes on. Closed by
 * kill nothing more happens in it.
 */
export function simulatedRunner(
  seed: number,
  options: SimulatedOptions = {},
): { readonly runner: Runner; readonly clock: Clock } {
  const cluster = new Cluster(seed, options);
  cluster.runner.onKilled = () => cluster.world.stop();
  cluster.begin();
  return { runner: cluster.runner, clock: cluster.world };
}

export class SimulatedExecutor extends ExecutorOver {
  private readonly cluster: Cluster;
  private readonly checks: CheckedRuns;
  private readonly waiting: (() => void)[] = [];

  constructor(seed: number, options: SimulatedOptions = {}) {
    const cluster = new Cluster(seed, options);
    const checks = new CheckedRuns(1 + (seed % 6), options.onTrace);
    super("SimulatedExecutor", {
      runner: cluster.runner,
      clock: cluster.world,
      watch: checks,
      left: (run) => {
        cluster.runner.dropRun(run);
        checks.left(run);
      },
      ownedBy: (executor) => {
        cluster.executor = executor;
        cluster.begin();
      },
      runsCaller: (executor) => workInside(executor) !== undefined,
    });
    this.cluster = cluster;
    this.checks = checks;
    cluster.onQuiet = () => {
      for (const tell of this.waiting.splice(0)) tell();
    };
  }

  get checked(): number {
    return this.checks.checked;
  }

  /** Whatever may have had a body run again. */
  get losses(): number {
    return this.cluster.losses;
  }

  get happened(): ReadonlyMap<string, number> {
    return this.cluster.happened;
  }

  get frames(): number {
    return this.cluster.network.frames;
  }

  /** Values that its workers have, copies included. */
  get held(): number {
    return this.cluster.held();
  }

  get faults(): readonly string[] {
    return this.checks.standing();
  }

  /** What is under way in the network comes to its end. */
  override async close(mode: CloseMode = "drain"): Promise<void> {
    await super.close(mode);
    if (mode !== "kill") await this.quiet();
  }

  /** In so many milliseconds of the cluster's time. */
  after(ms: number, step: () => void): void {
    const { world } = this.cluster;
    world.wakeAt(world.now() + ms, step);
  }

  /** Nothing more happens. */
  stop(): void {
    this.cluster.world.stop();
  }

  /** Of all that happened so far. */
  get trace(): string {
    return `${this.checks.trace}-${this.frames}-${this.cluster.world.steps}`;
  }

  /** When all is quiet: values that a worker has and the placement does not know of, or that are there and taken for lost. */
  strays(): readonly string[] {
    return [
      ...this.cluster.strays(),
      ...this.checks
        .ended()
        .flatMap(([run, { state }]) =>
          this.wronglyLost(run, { lost: state.lineage.lost, attempt: (row) => state.attempt(row) }),
        ),
    ];
  }

  private wronglyLost(run: FlowRunId, { lost, attempt }: Losses): readonly string[] {
    return [...lost].flatMap((row) => {
      const held = this.cluster.runner.holders(run, [{ first: row, count: 1, attempt: attempt(row) }]);
      return held.length === 0 ? [] : [`the value of ${row} is there, and is taken for lost`];
    });
  }

  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.cluster.world.later(() => undefined);
    });
  }
}
