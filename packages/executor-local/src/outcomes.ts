// Owns: what a thread said of its works, as outcomes of the seam.
// O1. A work that was asked to stop ends as what it was asked for, whatever it says; its value is not stored.
// O2. One that took longer than its timeout has timed out, also where it could not be asked in time.

import {
  cancelledFailure,
  type FlowRunId,
  InternalError,
  type Outcome,
  type OutcomeBatch,
  type OutcomeEnd,
  OutcomeRange,
  type RunValues,
  taskRunId,
  type ValueMeta,
  type Work,
  WorkRange,
} from "@millrace/core/seam";
import type { Batch, Stop } from "./batch.js";
import { type Held, metaOfHeld } from "./held.js";
import type { End, OutcomesMessage } from "./wire.js";

/** Outcomes of one run, as columns. */
export class ThreadOutcomes implements OutcomeBatch {
  readonly run: FlowRunId;
  private readonly works: Work[] = [];
  private readonly results: OutcomeEnd[] = [];
  private readonly startedAtMs: number[] = [];
  private readonly durationsMs: number[] = [];

  constructor(run: FlowRunId) {
    this.run = run;
  }

  add(work: Work, result: OutcomeEnd, startedAtMs: number, durationMs: number): void {
    this.works.push(work);
    this.results.push(result);
    this.startedAtMs.push(startedAtMs);
    this.durationsMs.push(durationMs);
  }

  get length(): number {
    return this.works.length;
  }

  at(i: number): Outcome {
    const [work, result] = [this.works[i], this.results[i]];
    if (work === undefined || result === undefined) throw new InternalError(`there is no outcome ${i}`);
    const { taskRun, attempt } = work;
    return { taskRun, attempt, startedAtMs: this.startedAtMs[i] ?? 0, durationMs: this.durationsMs[i] ?? 0, result };
  }
}

type Outcomes = { readonly outcomes: OutcomeBatch; readonly totalMs: number };

/** Stores the values. `totalMs`: of works that ran. */
export function outcomesOf(batch: Batch, message: OutcomesMessage, values: RunValues): Outcomes {
  return rangeOf(batch, message, values) ?? eachOf(batch, message, values);
}

/** Of a range whose works all gave values and of which none was asked to stop or late: nothing is made for each. */
function rangeOf({ lane, works, asked }: Batch, message: OutcomesMessage, values: RunValues): Outcomes | undefined {
  const { ends, from, durationsMs } = message;
  const { timeoutMs } = lane.template;
  if (!(works instanceof WorkRange) || asked.size > 0 || !areValues(ends)) return undefined;
  const startsMs = new Float64Array(ends.length);
  let startedMs = message.startedAtMs;
  for (let i = 0; i < startsMs.length; i++) {
    const durationMs = durationsMs[i] ?? 0;
    if (timeoutMs !== undefined && durationMs > timeoutMs) return undefined;
    startsMs[i] = startedMs;
    startedMs += durationMs;
  }
  const first = taskRunId(works.first + from);
  values.setAll(first, 1, ends);
  const metaAt = (i: number): ValueMeta => metaOfHeld(ends[i]);
  const outcomes = new OutcomeRange(lane.book.facts.id, first, startsMs, durationsMs, metaAt);
  return { outcomes, totalMs: startedMs - message.startedAtMs };
}

function areValues(ends: OutcomesMessage["ends"]): ends is readonly Held[] | Float64Array {
  return ends instanceof Float64Array || ends.every(isValue);
}

function eachOf(batch: Batch, message: OutcomesMessage, values: RunValues): Outcomes {
  const { book, template } = batch.lane;
  const outcomes = new ThreadOutcomes(book.facts.id);
  let startedAtMs = message.startedAtMs;
  let totalMs = 0;
  for (const [i, end] of message.ends.entries()) {
    const position = message.from + i;
    const work = batch.works.at(position);
    const durationMs = message.durationsMs[i] ?? 0;
    if (work === undefined) throw new InternalError(`a batch of ${batch.works.length} has no work ${position}`);
    if (!isTaken(end)) {
      const stop = batch.asked.get(position);
      const isLate = template.timeoutMs !== undefined && durationMs > template.timeoutMs;
      const result = stop === undefined ? (isLate ? TIMED_OUT : resultOf(end, work, values)) : stoppedBy(stop);
      outcomes.add(work, result, startedAtMs, durationMs);
      totalMs += durationMs;
    }
    startedAtMs += durationMs;
  }
  return { outcomes, totalMs };
}

const TIMED_OUT: OutcomeEnd = { end: "timedOut" };

/** O1. */
export function stoppedBy({ kind, reason }: Stop): OutcomeEnd {
  if (kind === "timedOut") return TIMED_OUT;
  return { end: "failed", failure: cancelledFailure(reason), retry: "no" };
}

const isValue = (end: End): end is Held => typeof end !== "object" || end === null || !("end" in end);

const isTaken = (end: End): boolean => typeof end === "object" && end !== null && "end" in end && end.end === "taken";

function resultOf(end: End, { taskRun, attempt }: Work, values: RunValues): OutcomeEnd {
  if (isValue(end)) {
    values.set(taskRun, attempt, end);
    return { end: "value", value: metaOfHeld(end) };
  }
  if (end.end === "taken") throw new InternalError("a work that was taken back has no outcome");
  return end.end;
}
