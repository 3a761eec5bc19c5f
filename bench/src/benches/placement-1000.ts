// Owns: what one decision costs: 10,000 tasks on 1,000 simulated workers of one slot, all busy all the time, and whether it
// costs the same with 100.
import { Placement, type PlacementEffect, type PlacementEvent, type SentWork } from "@millrace/distributed/seam";
import { alone, type Bench } from "../bench.js";
import { median, ratios, rounded, spread } from "../stats.js";

const TASKS = 10_000;
const MANY = 1000;
const FEW = 100;
const ROUNDS = 41;
const WARM = 5;
const BYTES = 1000;
const SHARE = 0.5;

type Running = { readonly worker: number; readonly sent: SentWork };

/** Every task has an input that some earlier one made, and comes when there is demand. */
class Loop {
  private readonly placement = new Placement();
  private readonly running: Running[] = [];
  private limit = 0;
  private open = 0;
  private next = 0;
  private nowMs = 0;
  private ended = 0;
  private readonly made: number[] = [];

  constructor(workers: number) {
    this.handle({ kind: "runOpened", run: 0 });
    for (let worker = 0; worker < workers; worker++)
      this.handle({ kind: "workerJoined", worker, epoch: 1, slots: 1, resources: {}, labels: [] });
  }

  /** Until as many have ended; what runs longest ends first. */
  run(tasks: number): void {
    const until = this.ended + tasks;
    this.dispatch();
    for (let at = 0; this.ended < until; at++) {
      const found = this.running[at];
      if (found === undefined) throw new Error("nothing runs");
      this.nowMs += 1;
      const { taskRun, attempt } = found.sent.work;
      const name = { run: 0, taskRun, attempt };
      this.handle({ kind: "began", worker: found.worker, epoch: 1, works: [name] });
      const end = { ...name, end: "value", valueBytes: BYTES, durationMs: 50 + (taskRun % 7) } as const;
      this.made.push(taskRun);
      this.ended++;
      this.open--;
      this.handle({ kind: "ended", worker: found.worker, epoch: 1, works: [end] });
      this.dispatch();
    }
  }

  private dispatch(): void {
    if (this.open >= this.limit) return;
    const works = [];
    for (; this.open < this.limit; this.open++) {
      const taskRun = this.next++;
      const input = this.made[Math.floor(this.made.length * SHARE)];
      const inputs = input === undefined ? [] : [{ first: input, count: 1, attempt: 1 }];
      works.push({ taskRun, attempt: 1, task: "t", inputs });
    }
    this.handle({ kind: "worksArrived", run: 0, works });
  }

  private handle(event: PlacementEvent): void {
    const effects: PlacementEffect[] = [];
    this.placement.handle(event, this.nowMs, effects);
    for (const effect of effects) {
      if (effect.kind === "demand") this.limit = effect.limit;
      else if (effect.kind === "send")
        for (const sent of effect.works) this.running.push({ worker: effect.worker, sent });
    }
  }
}

function microseconds(workers: number): number {
  const loop = new Loop(workers);
  // The first ones fill the workers.
  loop.run(2 * workers);
  const startedAtMs = performance.now();
  loop.run(TASKS);
  return ((performance.now() - startedAtMs) * 1000) / TASKS;
}

export const bench: Bench = async () => {
  const [many, few]: [number[], number[]] = [[], []];
  for (let round = 0; round < WARM + ROUNDS; round++) {
    const [a, b] = [microseconds(MANY), microseconds(FEW)];
    if (round < WARM) continue;
    many.push(a);
    few.push(b);
  }
  const growth = ratios(many, few);
  return alone("placement-1000", rounded(median(many)), "us a task: arrives, is placed, begins, ends", {
    spread: spread(many),
    workers100: rounded(median(few)),
    ratio: rounded(median(growth)),
    ratioSpread: spread(growth),
  });
};
