// Owns: a placement under test: every event is followed by the check of all that it keeps; what it asks for is at hand.
import {
  type PlacedWork,
  Placement,
  type PlacementEffect,
  type PlacementEvent,
  validatePlacement,
  type WorkName,
} from "@millrace/distributed/seam";

type Kind = PlacementEffect["kind"];
type Of<K extends Kind> = Extract<PlacementEffect, { kind: K }>;

export class Placed {
  readonly placement = new Placement();
  nowMs = 0;
  effects: PlacementEffect[] = [];

  constructor() {
    this.handle({ kind: "runOpened", run: 0 });
  }

  /** What came of this event alone. */
  handle(event: PlacementEvent): readonly PlacementEffect[] {
    this.effects = [];
    this.placement.handle(event, this.nowMs, this.effects);
    validatePlacement(this.placement.state);
    return this.effects;
  }

  of<K extends Kind>(kind: K): readonly Of<K>[] {
    const isOf = (effect: PlacementEffect): effect is Of<K> => effect.kind === kind;
    return this.effects.filter(isOf);
  }

  join(worker: number, slots = 1, resources: Record<string, number> = {}, labels: readonly string[] = []): void {
    this.handle({ kind: "workerJoined", worker, epoch: 1, slots, resources, labels });
  }

  /** Task runs by worker, of the last event. */
  get sent(): Record<number, number[]> {
    return Object.fromEntries(
      this.of("send").map(({ worker, works }) => [worker, works.map(({ work }) => work.taskRun)]),
    );
  }

  arrive(...works: (Partial<PlacedWork> & { readonly taskRun: number })[]): void {
    const whole = works.map((work) => ({ attempt: 1, task: "t", inputs: [], ...work }));
    this.handle({ kind: "worksArrived", run: 0, works: whole });
  }

  began(worker: number, ...taskRuns: number[]): void {
    this.handle({ kind: "began", worker, epoch: 1, works: taskRuns.map((taskRun) => name(taskRun)) });
  }

  ended(worker: number, taskRun: number, valueBytes = 0, durationMs = 100): void {
    const end = { ...name(taskRun), end: "value", valueBytes, durationMs } as const;
    this.handle({ kind: "ended", worker, epoch: 1, works: [end] });
  }

  takenBack(worker: number, taskRun: number, ok: boolean): void {
    if (!ok) return this.began(worker, taskRun);
    const end = { ...name(taskRun), end: "givenBack", valueBytes: 0, durationMs: 0 } as const;
    this.handle({ kind: "ended", worker, epoch: 1, works: [end] });
  }
}

export const name = (taskRun: number, attempt = 1): WorkName => ({ run: 0, taskRun, attempt });
export const one = (first: number, attempt = 1) => ({ first, count: 1, attempt });
