// Owns: a whole cluster in this process, on virtual time, from a seed: a scheduler process, workers that run the user's functions,
// clients, a network between them, and what goes wrong.
// S1. Everything that is said between processes is frames: encoded, carried, decoded.

import type { Executor } from "@millrace/core";
import { type CloseMode, ExecutorOver, type FlowRunId, type Runner, workInside } from "@millrace/core/seam";
import { ClientDesk } from "@millrace/distributed/seam";
import { CheckedRuns } from "../hostile/checked-runs.js";
import { SeededRandom } from "../seeded-random.js";
import { tableDifferences } from "./table-differences.js";
import { SimClient } from "./sim-client.js";
import { SimFarm, type SimulatedOptions } from "./sim-farm.js";
import { SimWorker } from "./sim-worker.js";

export type { SimulatedOptions } from "./sim-farm.js";

type Losses = { readonly lost: ReadonlySet<number>; readonly attempt: (row: number) => number };

/** The runner of a simulated cluster by itself; its workers have joined as soon as time goes on. */
export function simulatedRunner(seed: number, options: SimulatedOptions = {}): Runner {
  const farm: SimFarm = new SimFarm(new SeededRandom(seed * 7919 + 1), options, {
    executorOf: () => undefined,
    follow: (ask, holders) => asker.follow(ask, holders),
    reports: () => undefined,
    stepped: () => undefined,
  });
  const asker: SimWorker = new SimWorker(0, farm.world, {
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
    askPeer: (peer, message) => farm.askPeer(() => asker, peer, message),
  });
  farm.begin();
  return farm.runner;
}

export class SimulatedCluster {
  private readonly farm: SimFarm;
  private readonly checks: CheckedRuns;
  /** Drives runs beside their scheduler, as a scheduler process does. */
  private readonly driving: ExecutorOver;
  private readonly desks = new Map<SimClient, ClientDesk>();
  private readonly executors = new Map<FlowRunId, object>();
  private readonly waiting: (() => void)[] = [];

  constructor(seed: number, options: SimulatedOptions = {}) {
    const farm = new SimFarm(new SeededRandom(seed * 7919 + 1), options, {
      executorOf: (run) => this.executors.get(run),
      follow: (ask, holders) => this.deskOf(ask.run)?.follow(ask, holders),
      reports: (run, reports) => this.deskOf(run)?.relay(run, reports),
      stepped: () => undefined,
    });
    this.farm = farm;
    this.checks = new CheckedRuns(1 + (seed % 6), options.onTrace);
    this.driving = new ExecutorOver("scheduler", {
      runner: farm.runner,
      clock: farm.world,
      watch: this.checks,
      left: (run) => farm.runner.dropRun(run),
      ownedBy: () => undefined,
      runsCaller: () => false,
    });
    farm.onQuiet = () => {
      for (const tell of this.waiting.splice(0)) tell();
    };
    farm.begin();
  }

  /** An executor in a client process of its own; `known`: what the user has in hand, where that is another object. */
  client(known?: Executor): Executor {
    const { world, network, functions } = this.farm;
    const client: SimClient = new SimClient(world, network, functions, {
      received: (from, message) => this.desks.get(from)?.received(message),
      opens: ({ id }) => this.executors.set(id, known ?? client.executor),
      askPeer: (peer, message) => this.farm.askPeer(() => client.values, peer, message),
      runsCaller: () => workInside(known ?? client.executor) !== undefined,
    });
    const desk = new ClientDesk({
      executor: this.driving,
      runner: this.farm.runner,
      clock: world,
      tell: (message) => client.tell(message),
      isOpen: (run) => this.deskOf(run) !== undefined,
    });
    this.desks.set(client, desk);
    return client.executor;
  }

  get checked(): number {
    return this.checks.checked;
  }

  /** Whatever may have had a body run again. */
  get losses(): number {
    return this.farm.losses;
  }

  get happened(): ReadonlyMap<string, number> {
    return this.farm.happened;
  }

  get frames(): number {
    return this.farm.network.frames;
  }

  get faults(): readonly string[] {
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

  private deskOf(run: FlowRunId): ClientDesk | undefined {
    for (const desk of this.desks.values()) if (desk.has(run)) return desk;
    return undefined;
  }

  private tableDifferences(): readonly string[] {
    const links = new Map([...this.desks.keys()].flatMap(({ executor }) => executor.opened));
    return this.checks.ended().flatMap(([run, { state }]) => {
      const link = links.get(run);
      return link === undefined ? [] : tableDifferences(state.graph, state.table, link.states);
    });
  }

  private wronglyLost(run: FlowRunId, { lost, attempt }: Losses): readonly string[] {
    return [...lost].flatMap((row) => {
      const held = this.farm.runner.holders(run, [{ first: row, count: 1, attempt: attempt(row) }]);
      return held.length === 0 ? [] : [`the value of ${row} is there, and is taken for lost`];
    });
  }
}
