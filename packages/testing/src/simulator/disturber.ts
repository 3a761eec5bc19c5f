// Owns: what goes wrong around the processes of a simulated cluster, step by step, from the seed, until it has healed.
// D1. A task run loses what ran it only so often that no flow fails for it.
// D2. What changes nothing does not count; where little has gone wrong for long, more does.

import type { SeededRandom } from "../seeded-random.js";
import type { ClusterFaults, FaultKind } from "./faults.js";
import type { Network } from "./network.js";
import type { PeerFault } from "./peer-link.js";
import type { SimClient } from "./sim-client.js";
import type { SimNode } from "./sim-node.js";
import type { SimProcess } from "./sim-process.js";
import type { SimulatedRunner } from "./simulated-runner.js";

/** So often a task run may lose what ran it, and not fail for it. */
const DEATHS_MAX = 2;

/** D2. In so many steps so many faults, or they come so much more often until then. */
const LEAST = { faults: 5, steps: 100, times: 5 };

type Parts = {
  readonly random: SeededRandom;
  readonly faults: ClusterFaults;
  readonly network: Network;
  readonly runner: SimulatedRunner;
  readonly scheduler: SimProcess;
  readonly nodes: readonly SimNode[];
  readonly clients: readonly SimClient[];
  readonly resumeMs: number;
  readonly processOf: (end: SimNode | SimClient) => SimProcess;
};

const OF_NODES = ["crash", "full", "leave", "cut", "partition", "stall", "pause", "replay"] as const;
const OF_ALL = ["swizzle", "clientCut", "pause", "replay"] as const;

export class Disturber {
  /** Faults of each kind that happened. */
  readonly happened = new Map<FaultKind, number>();
  /** Whatever may have had a body run again. */
  losses = 0;
  /** When something went wrong last. */
  lastMs = 0;
  private readonly parts: Parts;
  private readonly deaths = new Map<string, number>();
  private readonly between: SeededRandom;
  /** Of all kinds but `repeat`. */
  count = 0;
  private steps = 0;

  constructor(parts: Parts) {
    this.parts = parts;
    this.between = parts.random.fork(2);
  }

  /** After each step of the world. */
  step(): void {
    const { random, faults, nodes } = this.parts;
    if (random.chance(faults.repeat)) this.repeat();
    if (this.count >= faults.most) return;
    const kinds = random.chance(0.8) ? OF_NODES : OF_ALL;
    const kind = kinds[random.below(kinds.length)] ?? "cut";
    const node = nodes[random.below(nodes.length)];
    const isCalm = ++this.steps > LEAST.steps && this.count < LEAST.faults;
    if (node === undefined || !random.chance(faults[kind] * (isCalm ? LEAST.times : 1))) return;
    const happened = kinds === OF_NODES ? this.disturb(kind, node) : this.disturbAll(kind);
    if (happened) this.note(kind);
  }

  /** Of a value on its way to a peer. */
  goesWrong(kind: PeerFault): boolean {
    const { faults } = this.parts;
    if (!this.between.chance(faults[kind]) || this.count >= faults.most) return false;
    // The value may have to be made again.
    this.losses++;
    this.note(kind);
    return true;
  }

  /** Whether the session of that worker is lost by what it is sent now. */
  overflows(node: SimNode): boolean {
    const { faults } = this.parts;
    if (this.count >= faults.most || !this.between.chance(faults.overflow) || !this.mayDie(node)) return false;
    this.note("overflow");
    return true;
  }

  private disturb(kind: FaultKind, node: SimNode): boolean {
    const { network, random } = this.parts;
    const { link } = node.end;
    if (link === undefined) return false;
    switch (kind) {
      case "crash":
        if (!this.mayDie(node)) return false;
        node.crash();
        return true;
      case "full":
        return node.worker.fillFor(1 + random.next() * 20_000);
      case "leave":
        if (!node.leave()) return false;
        this.losses++;
        return true;
      case "cut":
        network.cut(link, random.chance(0.2) ? 0 : undefined);
        return true;
      case "partition":
        if (!this.mayDie(node)) return false;
        node.end.awayFor(this.parts.resumeMs * (1.2 + random.next()));
        return true;
      case "stall":
        return network.clog(link, random.next() * 200);
      case "pause":
        // A task that only its timeout ends would have real time pass until its process goes on (V1 of `virtual-world`).
        if (node.worker.running().some(({ template }) => template.timeoutMs !== undefined)) return false;
        return this.pause(
          this.parts.processOf(node),
          this.mayDie(node) ? 40_000 : Math.min(9_000, this.parts.resumeMs * 0.4),
        );
      default:
        return network.replay(link);
    }
  }

  private disturbAll(kind: FaultKind): boolean {
    const { network, random, clients, scheduler } = this.parts;
    const client = clients[random.below(Math.max(1, clients.length))];
    switch (kind) {
      case "swizzle":
        return (
          network.openLinks.filter((link) => random.chance(0.6) && network.clog(link, random.next() * 3_000)).length > 0
        );
      case "clientCut":
        // Not before it has resumed: times away one after the other would be too long for its session.
        if (client?.end.isOpen !== true) return false;
        client.end.awayFor(random.next() * this.parts.resumeMs * 0.6);
        return true;
      case "pause":
        return this.pause(
          random.chance(0.5) || client?.end.isOpen !== true ? scheduler : this.parts.processOf(client),
          Math.min(12_000, this.parts.resumeMs * 0.4),
        );
      default:
        return client?.end.link !== undefined && network.replay(client.end.link);
    }
  }

  private pause(process: SimProcess, mostMs: number): boolean {
    process.pause(1 + this.parts.random.next() ** 2 * mostMs);
    return true;
  }

  private repeat(): void {
    const { random, runner } = this.parts;
    const told = runner.told[random.below(runner.told.length)];
    if (told === undefined) return;
    this.happened.set("repeat", (this.happened.get("repeat") ?? 0) + 1);
    told.again();
  }

  /** D1. Of all works that are there: one whose outcome is lost with its worker counts as one that ran. */
  private mayDie({ facts: { number }, worker }: SimNode): boolean {
    const works = [...(this.parts.runner.placement.state.workers.get(number)?.works ?? [])].map(
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

  private note(kind: FaultKind): void {
    this.lastMs = this.parts.scheduler.now();
    this.count++;
    this.happened.set(kind, (this.happened.get(kind) ?? 0) + 1);
  }
}
