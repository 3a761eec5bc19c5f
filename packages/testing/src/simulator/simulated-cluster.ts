// Owns: a whole cluster in this process, on virtual time, from a seed: a scheduler process, workers that run the user's functions,
// clients, a network between them, and what goes wrong.
// S1. Everything that is said between processes is frames: encoded, carried, decoded.

import type { Executor } from "@millrace/core";
import {
  type Clock,
  type CloseMode,
  ExecutorOver,
  type FlowRunId,
  metaOf,
  nodeId,
  type Runner,
  workInside,
} from "@millrace/core/seam";
import {
  ClientDesk,
  FROM_CLIENT,
  type FromClient,
  SESSION_OPTIONS,
  type SessionOptions,
  TO_CLIENT,
  type ToClient,
} from "@millrace/distributed/seam";
import { CheckedRuns } from "../hostile/checked-runs.js";
import { SeededRandom } from "../seeded-random.js";
import { VirtualWorld } from "../virtual-world.js";
import { Disturber } from "./disturber.js";
import { type ClusterFaults, FAULTS } from "./faults.js";
import { SchedulerEnd } from "./scheduler-end.js";
import { SimClient } from "./sim-client.js";
import { type FarmFacts, SimFarm } from "./sim-farm.js";
import { SimProcess } from "./sim-process.js";
import { SimWorker } from "./sim-worker.js";
import { tableDifferences } from "./table-differences.js";

export type SimulatedOptions = {
  /** By default 4. */
  readonly workers?: number;
  /** Tasks that a worker runs at a time, by default 2. */
  readonly slots?: number;
  /** What a worker may hold, in bytes: at 80 % it takes nothing new, below 70 % it does again. By default 1 GiB. */
  readonly memoryMax?: number;
  readonly faults?: ClusterFaults;
  /** How long sessions wait. */
  readonly session?: Partial<SessionOptions>;
  /** What each worker has of resources. */
  readonly resources?: Readonly<Record<string, number>>;
  /** Of each worker, from 0 on. */
  readonly labels?: (worker: number) => readonly string[];
  /** What ought not to have happened; without it the process ends. */
  readonly onProblem?: (problem: string) => void;
  /** Each event of a scheduler, as a line. */
  readonly onTrace?: ((line: string) => void) | undefined;
  /** For a tally: what was reached. */
  readonly onReached?: ((what: string) => void) | undefined;
};

type Losses = { readonly lost: ReadonlySet<number>; readonly attempt: (row: number) => number };

/** Values of tests come nowhere near it. */
const MEMORY_BYTES = 2 ** 30;

const farmFacts = ({
  workers = 4,
  slots = 2,
  memoryMax = MEMORY_BYTES,
  resources = {},
  labels = () => [],
  session = {},
}: SimulatedOptions): FarmFacts => ({
  workers,
  slots,
  memoryMax,
  resources,
  labels,
  session,
});

/**
 * The runner of a simulated cluster by itself, in which nothing goes wrong, and the time that it lives in; its workers have joined as
 * soon as that goes on. Closed by kill nothing more happens in it.
 */
export function simulatedRunner(
  seed: number,
  options: SimulatedOptions = {},
): { readonly runner: Runner; readonly clock: Clock } {
  const random = new SeededRandom(seed * 7919 + 1);
  const world = new VirtualWorld(
    random,
    () => undefined,
    () => undefined,
    options.onProblem,
  );
  const farm: SimFarm = new SimFarm(world, random, farmFacts(options), {
    executorOf: () => undefined,
    follow: (ask, holders) => asker.follow(ask, holders),
    reports: () => undefined,
    goesWrong: () => false,
    overflows: () => false,
    note: () => undefined,
  });
  const asker: SimWorker = new SimWorker({ slots: 0, memoryMax: 0 }, new SimProcess(world), {
    executor: () => undefined,
    code: () => undefined,
    tell: (messages) => {
      for (const message of messages) {
        if (message.kind !== "answers") continue;
        for (const given of message.answers)
          if (given.kind === "missing") farm.runner.answered([{ run: message.run, ...given }]);
      }
    },
    durationMs: () => 0,
    fetched: (given) => farm.runner.answered([given]),
    askPeer: (peer, message) => farm.askPeer(asker, peer, message),
  });
  farm.runner.onKilled = () => world.stop();
  farm.begin();
  return { runner: farm.runner, clock: world };
}

export class SimulatedCluster {
  private readonly farm: SimFarm;
  private readonly random: SeededRandom;
  private readonly session: Partial<SessionOptions> & Pick<SessionOptions, "resumeMs">;
  private readonly disturber: Disturber;
  private readonly checks: CheckedRuns;
  /** Drives runs beside their scheduler, as a scheduler process does. */
  private readonly driving: ExecutorOver;
  private readonly clientEnd: SchedulerEnd<ToClient, FromClient>;
  /** By session. */
  private readonly desks = new Map<string, ClientDesk>();
  private readonly clients: SimClient[] = [];
  private readonly executors = new Map<FlowRunId, object>();
  private readonly waiting: (() => void)[] = [];
  private readonly note: (what: string) => void;

  constructor(seed: number, options: SimulatedOptions = {}) {
    const random = new SeededRandom(seed * 7919 + 1);
    const world = new VirtualWorld(
      random,
      () => this.disturber.step(),
      () => {
        for (const tell of this.waiting.splice(0)) tell();
      },
      options.onProblem,
    );
    this.random = random;
    // As a client's: with a worker's own, a slow link would be a lost worker.
    const { resumeMs } = SESSION_OPTIONS;
    this.session = { resumeMs, ...options.session };
    this.note = options.onReached ?? (() => undefined);
    const farm = new SimFarm(world, random, farmFacts({ ...options, session: this.session }), {
      executorOf: (run) => this.executors.get(run),
      follow: (ask, holders) => (this.deskOf(ask.run) ?? nobodys).follow(ask, holders),
      reports: (run, reports) => this.deskOf(run)?.relay(run, reports),
      goesWrong: (kind) => this.disturber.goesWrong(kind),
      overflows: (node) => this.disturber.overflows(node),
      note: (what) => this.note(what),
    });
    this.farm = farm;
    // Of clients that are gone: it says so.
    const nobodys = this.newDesk("");
    const { network, runner, nodes, process } = farm;
    const { clients, note, session } = this;
    const processOf = (of: object): SimProcess => farm.processOf(of);
    const faults = options.faults ?? FAULTS;
    this.disturber = new Disturber({
      random,
      faults,
      network,
      runner,
      scheduler: process,
      nodes,
      clients,
      processOf,
      resumeMs: session.resumeMs,
    });
    this.checks = new CheckedRuns(1 + (seed % 6), options.onTrace, options.onReached);
    this.driving = new ExecutorOver("scheduler", {
      runner,
      clock: process,
      watch: this.checks,
      left: (run) => {
        runner.dropRun(run);
        this.checks.left(run);
      },
      ownedBy: () => undefined,
      runsCaller: () => false,
    });
    this.clientEnd = new SchedulerEnd(
      "client",
      { out: TO_CLIENT, into: FROM_CLIENT },
      { process, network, note, session },
      {
        opened: (session, _name, _epoch, isNew) => {
          if (isNew) this.desks.set(session, this.newDesk(session));
        },
        received: (session, message) => this.desks.get(session)?.received(message),
        lost: (session) => {
          this.desks.get(session)?.vanished();
          this.desks.delete(session);
        },
      },
    );
    farm.begin();
  }

  /** An executor in a client process of its own; `known`: what the user has in hand, where that is another object. */
  client(known?: Executor): Executor {
    const { world, network, functions } = this.farm;
    const process = new SimProcess(world);
    const { random, note } = this;
    const name = `client-${this.clients.length + 1}`;
    const client: SimClient = new SimClient(
      name,
      functions,
      { process, network, random, note, session: this.session },
      this.clientEnd,
      {
        opens: ({ id }) => this.executors.set(id, known ?? client.executor),
        askPeer: (peer, message) => this.farm.askPeer(client.values, peer, message),
        runsCaller: () => workInside(known ?? client.executor) !== undefined,
      },
    );
    this.clients.push(client);
    this.farm.addProcess(client, process);
    client.end.begin();
    return client.executor;
  }

  /** The process of that client cannot be reached for so long. */
  leaveClient(executor: Executor, ms: number): void {
    this.clients.find((client) => client.executor === executor)?.end.awayFor(ms);
  }

  /** What that client is told next is too much for its session. */
  overflowClient(executor: Executor): void {
    const name = this.clients.find((client) => client.executor === executor)?.end.name;
    for (const session of this.clientEnd.sessions.byId.values())
      if (session.name === name) this.clientEnd.overflow(session.id);
  }

  /** The first run of that client breaks: something of it comes that cannot be right, or its client gives it up. */
  breakRun(executor: Executor, how: "refused" | "given up"): void {
    const client = this.clients.find((client) => client.executor === executor);
    const [run, link] = client?.executor.opened[0] ?? [];
    if (client === undefined || run === undefined || link === undefined) return;
    const noPiece = { offset: 1, bytes: new Uint8Array(0), parts: [1], meta: metaOf(undefined) };
    if (how === "given up") link.abandon();
    else client.end.say([{ kind: "put", run, node: nodeId(0), ...noPiece }]);
  }

  /** Each says that it is over. */
  endClients(): void {
    for (const client of this.clients) client.leave();
  }

  /** The scheduler says to each worker that it ends, when all is quiet. */
  end(): void {
    this.farm.end();
  }

  /** Of runs that nobody has any more. */
  leftOver(clientsHaveEnded = true): readonly string[] {
    const { held } = this;
    const { runs, puts } = this.farm.runner.counts;
    const left = {
      desks: clientsHaveEnded ? this.desks.size : 0,
      "values at workers": held,
      runs,
      "values that were put": puts,
    };
    return Object.entries(left).flatMap(([what, count]) => (count === 0 ? [] : [`${count} ${what} are left`]));
  }

  /** Since something went wrong, in the cluster's time. */
  get calmMs(): number {
    return this.disturber.lastMs === 0 ? 0 : this.farm.world.now() - this.disturber.lastMs;
  }

  get checked(): number {
    return this.checks.checked;
  }

  /** Whatever may have had a body run again. */
  get losses(): number {
    return this.disturber.losses;
  }

  get happened(): ReadonlyMap<string, number> {
    return this.disturber.happened;
  }

  /** Things that went wrong, without what was only told once more. */
  get disturbed(): number {
    return this.disturber.count;
  }

  get frames(): number {
    return this.farm.network.frames;
  }

  /** Values that its workers have, copies included. */
  get held(): number {
    return this.farm.held;
  }

  get problems(): readonly string[] {
    return this.checks.standing();
  }

  async close(mode: CloseMode): Promise<void> {
    await this.driving.close(mode);
    if (mode === "kill") return;
    await this.quiet();
    await this.farm.world.leftBehind();
  }

  /** In so many milliseconds of the cluster's time. */
  after(ms: number, step: () => void): void {
    const { world } = this.farm;
    world.wakeAt(world.now() + ms, step);
  }

  /** Nothing more happens. */
  stop(): void {
    this.farm.world.stop();
  }

  /** Of all that happened so far. */
  get trace(): string {
    return `${this.checks.trace}-${this.frames}-${this.farm.world.steps}`;
  }

  /** When all is quiet: what a client knows of a run that is not what its scheduler knows; values that a worker has and the placement does not know of, or that are there and taken for lost. */
  strays(): readonly string[] {
    return [
      ...this.farm.strays(),
      ...this.farm.wronglyHeld(),
      ...this.checks
        .ended()
        .flatMap(([run, { state }]) =>
          this.wronglyLost(run, { lost: state.lineage.lost, attempt: (row) => state.attempt(row) }),
        ),
      ...this.tableDifferences(),
    ];
  }

  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.farm.world.later(() => undefined);
    });
  }

  private newDesk(session: string): ClientDesk {
    return new ClientDesk({
      executor: this.driving,
      runner: this.farm.runner,
      clock: this.farm.process,
      tell: (message) => this.clientEnd.say(session, [message]),
      isOpen: (run) => this.deskOf(run) !== undefined,
    });
  }

  private deskOf(run: FlowRunId): ClientDesk | undefined {
    for (const desk of this.desks.values()) if (desk.has(run)) return desk;
    return undefined;
  }

  private tableDifferences(): readonly string[] {
    const links = new Map(this.clients.flatMap(({ executor }) => executor.opened));
    return this.checks.ended().flatMap(([run, { state }]) => {
      const link = links.get(run);
      return link === undefined ? [] : tableDifferences(state.graph, state.table, link);
    });
  }

  private wronglyLost(run: FlowRunId, { lost, attempt }: Losses): readonly string[] {
    return [...lost].flatMap((row) => {
      const held = this.farm.runner.holders(run, [{ first: row, count: 1, attempt: attempt(row) }]);
      return held.length === 0 ? [] : [`the value of ${row} is there, and is taken for lost`];
    });
  }
}
