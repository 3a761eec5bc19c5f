// Owns: how an attempt ended, as data.
// O1. An attempt takes exactly one outcome, the first that comes while it is open; the scheduler drops any other.

import type { ValueRange } from "./ask.js";
import type { FailureData } from "./failure-data.js";
import { type FlowRunId, type TaskRunId, taskRunId } from "./ids.js";
import type { Retry } from "./policies.js";
import type { ValueMeta } from "./value-meta.js";

export type SignalData =
  | { readonly kind: "skip"; readonly reason: string }
  | { readonly kind: "loop"; readonly next: unknown };

export type OutcomeEnd =
  | { readonly end: "value"; readonly value: ValueMeta }
  | { readonly end: "signal"; readonly signal: SignalData }
  | { readonly end: "failed"; readonly failure: FailureData; readonly retry: Retry }
  /** It took longer than its timeout, whether it stopped when it was asked or was killed; `goesOn`: neither. */
  | { readonly end: "timedOut"; readonly goesOn?: true }
  /** What ran it died while it ran, and it is the one to blame. */
  | { readonly end: "died"; readonly cause: FailureData }
  /** User code never began: an input was not there (`missing`), or it was taken back, drained, or its worker died first. */
  | { readonly end: "givenBack"; readonly missing: readonly ValueRange[] };

/** Times in milliseconds: since the epoch, and long. */
export type Outcome = {
  readonly taskRun: TaskRunId;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly result: OutcomeEnd;
};

export interface OutcomeBatch {
  readonly run: FlowRunId;
  readonly length: number;
  at(i: number): Outcome;
}

/** An outcome that is its own batch. */
export class SingleOutcome implements Outcome, OutcomeBatch {
  readonly run: FlowRunId;
  readonly taskRun: TaskRunId;
  readonly attempt: number;
  readonly startedAtMs: number;
  readonly durationMs: number;
  readonly result: OutcomeEnd;

  constructor(
    run: FlowRunId,
    taskRun: TaskRunId,
    attempt: number,
    startedAtMs: number,
    durationMs: number,
    result: OutcomeEnd,
  ) {
    this.run = run;
    this.taskRun = taskRun;
    this.attempt = attempt;
    this.startedAtMs = startedAtMs;
    this.durationMs = durationMs;
    this.result = result;
  }

  get length(): number {
    return 1;
  }

  at(_i: number): Outcome {
    return this;
  }
}

/** Of consecutive children, all of which gave a value at their first attempt: columns, one object for all of them. */
export class OutcomeRange implements OutcomeBatch {
  readonly run: FlowRunId;
  readonly first: TaskRunId;
  readonly startedAtMs: ArrayLike<number>;
  readonly durationsMs: ArrayLike<number>;
  private readonly metaAt: (i: number) => ValueMeta;

  constructor(
    run: FlowRunId,
    first: TaskRunId,
    startedAtMs: ArrayLike<number>,
    durationsMs: ArrayLike<number>,
    metaAt: (i: number) => ValueMeta,
  ) {
    this.run = run;
    this.first = first;
    this.startedAtMs = startedAtMs;
    this.durationsMs = durationsMs;
    this.metaAt = metaAt;
  }

  get length(): number {
    return this.durationsMs.length;
  }

  at(i: number): Outcome {
    return {
      taskRun: taskRunId(this.first + i),
      attempt: 1,
      startedAtMs: this.startedAtMs[i] ?? 0,
      durationMs: this.durationsMs[i] ?? 0,
      result: { end: "value", value: this.metaAt(i) },
    };
  }
}
