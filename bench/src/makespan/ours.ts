// Owns: the real `Placement` on the simulated workers, and a stand-in for the flow's scheduler: what is ready goes deepest
// first, against demand, each dispatch under its own attempt.
import { Placement, type PlacementEffect, type PlacementEvent, type WorkName } from "@millrace/distributed/seam";
import type { Cluster, Policy } from "./cluster.js";
import { at } from "./traces.js";

const RUN = 0;
const EPOCH = 1;

export class Ours implements Policy {
  private readonly placement = new Placement();
  private readonly attempts: number[] = [];
  /** By depth. */
  private readonly ready: number[][] = [];
  private known: Cluster | undefined;
  private limit = 0;
  private open = 0;
  private readonly events: PlacementEvent[] = [];
  private isHandling = false;

  start(cluster: Cluster): void {
    this.known = cluster;
    cluster.left.forEach((left, task) => {
      if (left === 0) this.makeReady(task);
    });
    this.handle({ kind: "runOpened", run: RUN });
    cluster.workers.forEach((_, worker) =>
      this.handle({ kind: "workerJoined", worker, epoch: EPOCH, slots: 1, resources: {}, labels: [] }),
    );
  }

  began(task: number, worker: number): void {
    this.handle({ kind: "began", worker, epoch: EPOCH, works: [this.name(task)] });
  }

  ended(task: number, worker: number): void {
    const { ms, bytes, children } = at(this.cluster.tasks, task);
    for (const child of children) if (this.cluster.left[child] === 0) this.makeReady(child);
    this.open--;
    const end = { ...this.name(task), end: "value", valueBytes: bytes, durationMs: ms } as const;
    this.handle({ kind: "ended", worker, epoch: EPOCH, works: [end] });
  }

  fetched(value: number, worker: number, ms: number): void {
    const { bytes } = at(this.cluster.tasks, value);
    const values = [{ first: value, count: 1, attempt: this.attempts[value] ?? 0 }];
    this.handle({ kind: "valuesAdded", worker, epoch: EPOCH, run: RUN, values });
    this.handle({ kind: "transferred", bytes, ms });
  }

  woke(): void {
    this.handle({ kind: "woke" });
  }

  private get cluster(): Cluster {
    if (this.known === undefined) throw new Error("it has not started");
    return this.known;
  }

  private name(task: number): { readonly run: number; readonly taskRun: number; readonly attempt: number } {
    return { run: RUN, taskRun: task, attempt: this.attempts[task] ?? 0 };
  }

  private makeReady(task: number): void {
    const { depth } = at(this.cluster.tasks, task);
    while (this.ready.length <= depth) this.ready.push([]);
    at(this.ready, depth).push(task);
  }

  /** One event after the other, as in a cluster; then what is ready goes, as far as there is demand. */
  private handle(event: PlacementEvent): void {
    this.events.push(event);
    if (this.isHandling) return;
    this.isHandling = true;
    for (;;) {
      const next = this.events.shift() ?? this.dispatch();
      if (next === undefined) break;
      const effects: PlacementEffect[] = [];
      this.placement.handle(next, this.cluster.nowMs, effects);
      for (const effect of effects) this.perform(effect);
    }
    this.isHandling = false;
  }

  private dispatch(): PlacementEvent | undefined {
    const works = [];
    for (let depth = this.ready.length - 1; depth >= 0; depth--) {
      const ready = at(this.ready, depth);
      for (const task of ready.splice(0, Math.max(0, this.limit - this.open))) {
        const { learned, parents } = at(this.cluster.tasks, task);
        const attempt = (this.attempts[task] ?? 0) + 1;
        this.attempts[task] = attempt;
        const inputs = parents.map((first) => ({ first, count: 1, attempt: this.attempts[first] ?? 0 }));
        works.push({ taskRun: task, attempt, task: learned, inputs });
        this.open++;
      }
    }
    return works.length === 0 ? undefined : { kind: "worksArrived", run: RUN, works };
  }

  private takenBack(work: WorkName, worker: number, isBack: boolean): void {
    if (!isBack) {
      this.events.push({ kind: "began", worker, epoch: EPOCH, works: [work] });
      return;
    }
    const end = { ...work, end: "givenBack", valueBytes: 0, durationMs: 0 } as const;
    this.events.push({ kind: "ended", worker, epoch: EPOCH, works: [end] });
    this.givenBack(work);
  }

  private givenBack(work: WorkName): void {
    this.open--;
    this.makeReady(work.taskRun);
  }

  private perform(effect: PlacementEffect): void {
    switch (effect.kind) {
      case "send":
        for (const { work } of effect.works) this.cluster.send(work.taskRun, effect.worker);
        return;
      case "takeBack": {
        const { worker } = effect;
        for (const work of effect.works) this.takenBack(work, worker, this.cluster.takeBack(work.taskRun, worker));
        return;
      }
      case "givenBack":
        return this.givenBack(effect.work);
      case "demand":
        this.limit = effect.limit;
        return;
      case "wakeAt":
        if (effect.atMs < Number.POSITIVE_INFINITY)
          this.cluster.later(effect.atMs - this.cluster.nowMs, () => this.woke());
        return;
      case "died":
      case "valuesLost":
      case "drop":
      case "cancel":
      case "unsatisfiable":
      case "runGone":
        throw new Error(`${effect.kind} where nothing is lost, released or cancelled`);
      default:
        effect satisfies never;
    }
  }
}
