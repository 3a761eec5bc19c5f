// Owns: the runner in the user's process: works in lanes, values in a store, questions answered at once.
// L1. It starts what it is given: as many lanes as works, so that its demand alone says how many run at a time.
// L2. `takers` counts lanes that are sure to take from the ring: no lane is made for a work that has one.

import { answer } from "../attempt/answers.js";
import { reportOf } from "../attempt/report-of.js";
import type { AttemptContext } from "../attempt/context.js";
import type { Clock } from "../run/clock.js";
import type { Capabilities, CloseMode, Runner, RunnerHost } from "../run/runner.js";
import { cancelledFailure } from "../states/failures.js";
import type { RunValues, ValueStore } from "../values/value-store.js";
import type { Answer, Ask, ValueRange } from "../work/ask.js";
import { type FlowRunId, type WorkId, workName, workNameIn } from "../work/ids.js";
import { InternalError } from "../work/millrace-error.js";
import { SingleOutcome } from "../work/outcome.js";
import type { Said } from "../work/report.js";
import { metaOf, type ValueMeta } from "../work/value-meta.js";
import { type Work, type WorkBatch, WorkRange } from "../work/work.js";
import { Fifo } from "../scheduler/fifo.js";
import { Lane, type LaneHost } from "./lane.js";

/** At most this long without a turn of the event loop (RUN-11). */
const BREATH_MS = 10;

export class LocalRunner implements Runner, LaneHost {
  readonly capabilities: Capabilities = { parallel: false, isolated: false, hardCancel: false, remote: false };
  /** Set once: the executor that its contexts name. */
  executor: object | undefined;
  private readonly concurrency: number;
  private readonly values: ValueStore;
  private readonly clock: Clock;
  private readonly lanes = new Set<Lane>();
  private readonly ring = new Fifo<WorkBatch>();
  private takers = 0;
  private host: RunnerHost | undefined;
  private lastBreathMs = 0;
  private breathing: Promise<void> | undefined;
  private valuesAtHand: RunValues | undefined;
  private runAtHand: FlowRunId | undefined;

  constructor(concurrency: number, values: ValueStore, clock: Clock) {
    this.concurrency = concurrency;
    this.values = values;
    this.clock = clock;
  }

  start(host: RunnerHost): Promise<void> {
    this.host = host;
    host.demand(this.concurrency);
    return Promise.resolve();
  }

  put(run: FlowRunId, taskRun: number, value: unknown): ValueMeta {
    this.values.of(run).set(taskRun, 0, value);
    return metaOf(value);
  }

  dispatch(batches: readonly WorkBatch[]): void {
    for (const batch of batches) {
      if (batch.length === 1) this.ring.push(batch instanceof WorkRange ? batch.at(0) : batch);
      else for (let i = 0; i < batch.length; i++) this.ring.push(oneOf(batch, i));
    }
    while (this.takers < this.ring.length) {
      this.takers++;
      this.startLane();
    }
  }

  ask(asks: readonly Ask[]): void {
    this.host?.answers(asks.map((ask): Answer => answer(ask, this.values.of(ask.run))));
  }

  cancel(ids: readonly WorkId[], reason: string): void {
    const asked = new Set(ids.map(workName));
    for (const lane of this.lanes) {
      const { current } = lane;
      if (current === undefined) continue;
      const { run, work } = current;
      if (asked.has(workNameIn(run.id, work))) current.cancel(reason);
    }
    this.dropWaiting((batch) => asked.has(workNameIn(batch.run.id, batch.at(0))), reason);
  }

  release(run: FlowRunId, values: readonly ValueRange[]): void {
    // Of a run that is gone nothing is kept: no store is made to delete from.
    const kept = this.values.find(run);
    for (const { first, count, attempt } of values) kept?.delete(first, count, attempt);
  }

  /** The executor has no work open, or does not wait for it (kill). */
  close(mode: CloseMode): Promise<void> {
    if (mode !== "kill") return Promise.resolve();
    this.dropWaiting(() => true, "killed");
    for (const lane of this.lanes) {
      const { current } = lane;
      if (current === undefined) continue;
      lane.abandoned = true;
      this.lanes.delete(lane);
      this.answerFor(current.run.id, current.work, "killed");
    }
    return Promise.resolve();
  }

  now(): number {
    return this.clock.now();
  }

  wakeAt(atMs: number, wake: () => void): () => void {
    return this.clock.wakeAt(atMs, wake);
  }

  take(): WorkBatch | undefined {
    this.takers--;
    return this.ring.shift();
  }

  valuesOf(batch: WorkBatch): RunValues {
    if (this.valuesAtHand === undefined || this.runAtHand !== batch.run.id) {
      this.runAtHand = batch.run.id;
      this.valuesAtHand = this.values.of(batch.run.id);
    }
    return this.valuesAtHand;
  }

  breath(nowMs: number): Promise<void> | undefined {
    if (nowMs - this.lastBreathMs < BREATH_MS) return undefined;
    this.breathing ??= new Promise((resolve) => {
      this.clock.wakeAt(nowMs, () => {
        this.breathing = undefined;
        this.lastBreathMs = this.clock.now();
        resolve();
      });
    });
    return this.breathing;
  }

  report(by: AttemptContext, said: Said): void {
    this.host?.reports([reportOf(by, said, this.now())]);
  }

  outcome(outcome: SingleOutcome, nowMs: number): void {
    this.takers++;
    this.host?.outcomes([outcome], nowMs);
  }

  /** Hands over a run that has ended: its values live as long as what is given. */
  detach(run: FlowRunId): (ask: Ask) => Answer {
    const values = this.values.of(run);
    this.values.drop(run);
    if (this.runAtHand === run) {
      this.runAtHand = undefined;
      this.valuesAtHand = undefined;
    }
    return (ask) => answer(ask, values);
  }

  private startLane(): void {
    const lane = new Lane(this);
    this.lanes.add(lane);
    // Not in this turn's call: whoever starts a run has it in hand before a task of it runs.
    Promise.resolve()
      .then(() => lane.run())
      .catch((error: unknown) => this.host?.failed(new InternalError(`a lane broke off: ${String(error)}`)))
      .finally(() => this.lanes.delete(lane));
  }

  /** Works that were dispatched and have not begun: they never will. */
  private dropWaiting(matches: (batch: WorkBatch) => boolean, reason: string): void {
    const waiting = [...this.ring];
    const dropped = waiting.filter(matches);
    if (dropped.length === 0) return;
    this.ring.clear();
    for (const batch of waiting) if (!matches(batch)) this.ring.push(batch);
    for (const batch of dropped) this.answerFor(batch.run.id, batch.at(0), reason);
  }

  /** R2 of the seam: a work that user code will not answer is answered for. */
  private answerFor(run: FlowRunId, work: Work, reason: string): void {
    const result = { end: "failed", failure: cancelledFailure(reason), retry: "no" } as const;
    this.host?.outcomes([new SingleOutcome(run, work.taskRun, work.attempt, this.now(), 0, result)]);
  }
}

function oneOf(batch: WorkBatch, i: number): WorkBatch {
  if (batch instanceof WorkRange) return batch.at(i);
  const work = batch.at(i);
  return { run: batch.run, template: batch.template, length: 1, at: () => work };
}
