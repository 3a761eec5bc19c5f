// Goal: whatever happens in whatever order, the placement's tables agree, every work that came is answered once, and nothing
// waits while a worker is idle. Method: seeded random events from workers that do what workers may, checked after each.
import { describe, expect, it } from "vitest";
import type { PlacementEffect, PlacementEvent, SentWork } from "@millrace/distributed/seam";
import { Placement, validatePlacement } from "@millrace/distributed/seam";
import { SeededRandom } from "@millrace/testing/seam";

const STEPS = 1500;
const RUNS = 3;
const NEEDS = [
  undefined,
  undefined,
  { resources: { gpu: 1 }, labels: [] },
  { resources: { gpu: 0.3, ram: 2 }, labels: [] },
  { resources: {}, labels: ["eu"] },
];

/** Each run has task runs of its own here, so that their numbers alone say which work or value is meant. */
const RUN_SIZE = 20_000;
const runOf = (taskRun: number): number => Math.floor(taskRun / RUN_SIZE);

type Held = { readonly sent: SentWork; begun: boolean };

class Cluster {
  readonly placement = new Placement();
  readonly random: SeededRandom;
  nowMs = 0;
  readonly workers = new Map<number, { epoch: number; slots: number; works: Map<string, Held> }>();
  readonly open = new Set<string>();
  readonly values = new Map<number, number>();
  recalls: { worker: number; epoch: number; key: string }[] = [];
  attempts = new Map<number, number>();
  next = 0;

  constructor(seed: number) {
    this.random = new SeededRandom(seed);
    for (let run = 0; run < RUNS; run++) this.handle({ kind: "runOpened", run });
  }

  handle(event: PlacementEvent): void {
    const effects: PlacementEffect[] = [];
    this.placement.handle(event, this.nowMs, effects);
    validatePlacement(this.placement.state);
    for (const effect of effects) this.perform(effect);
  }

  perform(effect: PlacementEffect): void {
    if (effect.kind === "send") {
      for (const sent of effect.works) {
        const key = `${sent.work.taskRun}/${sent.work.attempt}`;
        expect(this.open.has(key)).toBe(true);
        for (const other of this.workers.values()) expect(other.works.has(key)).toBe(false);
        this.workers.get(effect.worker)?.works.set(key, { sent, begun: false });
      }
    } else if (effect.kind === "takeBack" || effect.kind === "cancel") {
      const epoch = this.workers.get(effect.worker)?.epoch ?? 0;
      for (const work of effect.works)
        this.recalls.push({ worker: effect.worker, epoch, key: `${work.taskRun}/${work.attempt}` });
    } else if (effect.kind === "givenBack" || effect.kind === "died") {
      this.answered(`${effect.work.taskRun}/${effect.work.attempt}`);
    } else if (effect.kind === "valuesLost") {
      for (const { first, count } of effect.values)
        for (let i = first; i < first + count; i++) this.lost(effect.run, i);
    }
  }

  lost(run: number, taskRun: number): void {
    if (runOf(taskRun) === run) this.values.delete(taskRun);
  }

  answered(key: string): void {
    expect(this.open.delete(key), `${key} is answered twice`).toBe(true);
  }

  arrive(): void {
    const run = this.random.below(RUNS);
    const works = Array.from({ length: 1 + this.random.below(5) }, () => {
      const taskRun = run * RUN_SIZE + (this.random.chance(0.2) ? 5000 : 0) + this.next++;
      const attempt = 1;
      const needs = NEEDS[this.random.below(NEEDS.length)];
      const own = [...this.values].filter(([value]) => runOf(value) === run);
      const inputs = own.filter(() => this.random.chance(0.3)).slice(0, 3);
      this.open.add(`${taskRun}/${attempt}`);
      return {
        taskRun,
        attempt,
        task: `t${this.random.below(4)}`,
        needs,
        priority: this.random.below(3) - 1,
        inputs: inputs.map(([first, at]) => ({ first, count: 1, attempt: at })),
      };
    });
    this.handle({ kind: "worksArrived", run, works });
  }

  pick<T>(items: Iterable<T>): T | undefined {
    const all = [...items];
    return all[this.random.below(all.length)];
  }

  work(): void {
    const found = this.pick(this.workers);
    if (found === undefined) return;
    const [worker, { epoch, works }] = found;
    const entry = this.pick(works);
    if (entry === undefined) return;
    const [key, held] = entry;
    const { taskRun, attempt } = held.sent.work;
    const name = { run: runOf(taskRun), taskRun, attempt };
    if (!held.begun && this.random.chance(0.5)) {
      held.begun = true;
      if (this.random.chance(0.9)) this.handle({ kind: "began", worker, epoch, works: [name] });
      return;
    }
    works.delete(key);
    this.answered(key);
    const end = this.random.chance(0.8) ? "value" : this.random.chance(0.5) ? "noValue" : "givenBack";
    if (end === "value") this.values.set(taskRun, attempt);
    const durationMs = this.random.chance(0.5) ? 0.01 : this.random.below(3000);
    this.handle({
      kind: "ended",
      worker,
      epoch,
      works: [{ ...name, end, valueBytes: this.random.below(1e8), durationMs }],
    });
  }

  answerRecall(): void {
    const recall = this.recalls.splice(this.random.below(this.recalls.length), 1)[0];
    if (recall === undefined) return;
    const worker = this.workers.get(recall.worker);
    const held = worker?.works.get(recall.key);
    if (worker?.epoch !== recall.epoch || held === undefined) return;
    const { taskRun, attempt } = held.sent.work;
    const name = { run: runOf(taskRun), taskRun, attempt };
    const from = { worker: recall.worker, epoch: recall.epoch };
    if (held.begun) return this.handle({ kind: "began", ...from, works: [name] });
    worker.works.delete(recall.key);
    this.answered(recall.key);
    this.handle({ kind: "ended", ...from, works: [{ ...name, end: "givenBack", valueBytes: 0, durationMs: 0 }] });
  }

  comeAndGo(): void {
    const worker = this.random.below(6);
    const known = this.workers.get(worker);
    const epoch = known?.epoch ?? 0;
    const what = this.random.below(6);
    if (what < 3 || known === undefined) {
      if (known !== undefined && this.random.chance(0.7)) return;
      const slots = 1 + this.random.below(4);
      const resources = this.random.chance(0.5) ? { gpu: 1, ram: 5 } : {};
      const labels = this.random.chance(0.5) ? ["eu"] : [];
      this.workers.set(worker, { epoch: epoch + 1, slots, works: new Map() });
      this.handle({ kind: "workerJoined", worker, epoch: epoch + 1, slots, resources, labels });
    } else if (what === 3) {
      known.works.clear();
      this.handle({ kind: "workerLost", worker, epoch });
      this.workers.set(worker, { ...known, works: new Map() });
    } else if (what === 4) this.handle({ kind: "workerRetiring", worker, epoch });
    else this.handle({ kind: this.random.chance(0.5) ? "workerPaused" : "workerResumed", worker, epoch });
  }

  change(): void {
    const value = this.pick(this.values);
    const worker = this.pick(this.workers);
    if (value === undefined || worker === undefined) return;
    const run = runOf(value[0]);
    const values = [{ first: value[0], count: 1 + this.random.below(3), attempt: value[1] }];
    const what = this.random.below(4);
    const of = { worker: worker[0], epoch: worker[1].epoch, run, values };
    if (what === 0) this.handle({ kind: "valuesAdded", ...of });
    else if (what === 1) this.handle({ kind: "valuesDropped", ...of });
    else if (what === 2) this.handle({ kind: "valuesReleased", run, values });
    else {
      const key = this.pick(this.open);
      if (key === undefined) return;
      const [taskRun = 0, attempt = 0] = key.split("/").map(Number);
      this.handle({ kind: "worksCancelled", works: [{ run: runOf(taskRun), taskRun, attempt }] });
    }
  }

  step(): void {
    this.nowMs += this.random.below(200);
    const roll = this.random.next();
    if (roll < 0.15) this.arrive();
    else if (roll < 0.7) this.work();
    else if (roll < 0.8) this.answerRecall();
    else if (roll < 0.85) this.comeAndGo();
    else if (roll < 0.95) this.change();
    else this.handle({ kind: "woke" });
  }

  /** Everything heals: a worker that has all, and everybody does what was asked. */
  finish(): void {
    for (const [worker, { epoch }] of this.workers) this.handle({ kind: "workerResumed", worker, epoch });
    const labels = ["eu"];
    this.workers.set(99, { epoch: 1, slots: 4, works: new Map() });
    this.handle({ kind: "workerJoined", worker: 99, epoch: 1, slots: 4, resources: { gpu: 2, ram: 9 }, labels });
    for (let i = 0; i < 100_000 && this.open.size > 0; i++) {
      if (this.recalls.length > 0) this.answerRecall();
      else this.work();
    }
    expect(this.open.size).toBe(0);
    for (let run = 0; run < RUNS; run++) this.handle({ kind: "runClosed", run });
    const { state } = this.placement;
    expect(state.runs.size).toBe(0);
    for (const worker of state.workers.values()) expect(worker.storedCount).toBe(0);
  }
}

describe("the placement under random events", () => {
  it.each(Array.from({ length: 12 }, (_, seed) => seed))("seed %i", (seed) => {
    const cluster = new Cluster(seed);
    for (let i = 0; i < STEPS; i++) cluster.step();
    cluster.finish();
  });
});
