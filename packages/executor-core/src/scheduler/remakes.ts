// Owns: making a lost value again: its producer is sent under a new attempt with the numbers of its success. That proposes
// nothing: its state stays, its first answers stay, nobody is told.
// R1. Its inputs are held from the first want to the end; those that are lost are made first, and it waits without a slot.
// R2. If it ends otherwise, may not run again, or dies too often, the value is gone for good: who needs it fails.
// R3. In a run that is cancelled nothing is made again.

import type { FailureData } from "../work/failure-data.js";
import { taskRunId, type WorkId } from "../work/ids.js";
import type { Outcome, OutcomeEnd } from "../work/outcome.js";
import { DEFAULT_RERUN, type Rerun } from "../work/policies.js";
import type { SingleWork } from "../work/work.js";
import { deathFailure } from "./death-failure.js";
import { markLost } from "./given-back.js";
import { failWaiter, resume } from "./input-waits.js";
import type { Remake, Waiter } from "./lineage.js";
import { lostInputs, workOf } from "./make-work.js";
import { holdInputsAgain, letInputsGo } from "./reholds.js";
import type { RunState } from "./run-state.js";
import { recheckFree } from "./value-lifetime.js";
import { waitFor } from "./wants.js";

/** From the agenda: the value of this row is wanted. */
export function startRemake(s: RunState, row: number): void {
  const remake = s.lineage.remakes.get(row);
  if (remake === undefined || remake.holding) return;
  const gone = s.lineage.gone.get(row) ?? cannotRemake(s, row);
  if (gone !== undefined) return giveUp(s, remake, gone);
  remake.holding = true;
  holdInputsAgain(s, row);
  queue(s, remake);
}

function cannotRemake(s: RunState, row: number): FailureData | undefined {
  if (s.cancelReason !== undefined) return lostFailure(s, row, `the run is cancelled: ${s.cancelReason}`);
  if (rerunOf(s, row) !== "never") return undefined;
  return lostFailure(s, row, `its task may not run again (rerun: "never"); without that option it would`);
}

function rerunOf(s: RunState, row: number): Rerun {
  const spec = s.mapOf(row)?.spec ?? s.graph.spec(row);
  return spec.kind === "task" ? spec.rerun : DEFAULT_RERUN;
}

/** It can be sent, or waits for what it reads (R1). */
function queue(s: RunState, remake: Remake): void {
  const missing = lostInputs(s, remake.row);
  if (missing.size > 0) waitFor(s, remake.row, missing);
  else s.lineage.ready.push(remake.row);
}

/** The next one to send; undefined: there is none. */
export function nextRemake(s: RunState): SingleWork | undefined {
  const { ready, remakes } = s.lineage;
  for (let row = ready.shift(); row !== undefined; row = ready.shift()) {
    const remake = remakes.get(row);
    if (remake === undefined || remake.attempt > 0) continue;
    const missing = lostInputs(s, row);
    // Lost while it stood there.
    if (missing.size > 0) waitFor(s, row, missing);
    else return send(s, remake);
  }
  return undefined;
}

function send(s: RunState, remake: Remake): SingleWork {
  const work = workOf(s, remake.row);
  const numbers = s.lineage.numbers.get(remake.row);
  if (numbers !== undefined) {
    work.runCount = numbers.runCount;
    work.loopCount = numbers.loopCount;
    work.loopValue = numbers.loopValue;
  }
  remake.attempt = work.attempt;
  s.noteStory(remake.row, "remade");
  s.open++;
  return work;
}

/** False: the outcome is none of a remake that is under way. */
export function takeRemade(s: RunState, { taskRun: row, attempt, result }: Outcome): boolean {
  const remake = s.lineage.remakes.get(row);
  if (remake === undefined || remake.attempt !== attempt) return false;
  s.open--;
  remake.attempt = 0;
  if (s.cancelReason === undefined) onEnd(s, remake, attempt, result);
  else {
    if (result.end === "value") s.releases.add(row, attempt);
    s.lineage.remakes.delete(row);
  }
  return true;
}

function onEnd(s: RunState, remake: Remake, attempt: number, result: OutcomeEnd): void {
  const { row } = remake;
  switch (result.end) {
    case "value":
      return remade(s, remake, attempt);
    case "givenBack":
      markLost(s, result.missing);
      s.noteStory(row, "givenBack");
      return queue(s, remake);
    case "died": {
      remake.deaths = [...remake.deaths, result.cause];
      s.noteStory(row, "died");
      const rerun = rerunOf(s, row);
      if (rerun !== "never" && remake.deaths.length < rerun.deaths) return queue(s, remake);
      return giveUp(s, remake, lostFailure(s, row, diedText(remake.deaths), remake.deaths));
    }
    case "failed":
      return giveUp(
        s,
        remake,
        lostFailure(s, row, `its task failed this time: ${result.failure.message}; ${REPEATABLE}`),
      );
    case "timedOut":
      return giveUp(s, remake, lostFailure(s, row, `its task took longer than its timeout this time; ${REPEATABLE}`));
    case "signal":
      return giveUp(
        s,
        remake,
        lostFailure(s, row, `its task ended with ${result.signal.kind}() this time; ${REPEATABLE}`),
      );
    default:
      return result satisfies never;
  }
}

function remade(s: RunState, remake: Remake, attempt: number): void {
  const { row } = remake;
  const map = s.mapOf(row);
  if (map !== undefined) {
    map.attempts.set(row - map.shape.first, attempt);
    map.renamed++;
  }
  s.lineage.lost.delete(row);
  s.lineage.renames++;
  close(s, remake);
  for (const waiter of remake.waiters) {
    const left = (s.lineage.waits.get(waiter) ?? 0) - 1;
    if (left > 0) s.lineage.waits.set(waiter, left);
    // One that has failed meanwhile waits for nothing.
    else if (s.lineage.waits.delete(waiter)) goOn(s, waiter);
  }
  recheckFree(s, row);
}

function goOn(s: RunState, waiter: Waiter): void {
  const remake = remakeOf(s, waiter);
  if (remake === undefined) resume(s, waiter);
  else queue(s, remake);
}

const remakeOf = (s: RunState, waiter: Waiter): Remake | undefined =>
  typeof waiter === "number" ? s.lineage.remakes.get(waiter) : undefined;

/** R2. Remakes that need it are given up too: a loop, since they may stand in a long row. */
function giveUp(s: RunState, first: Remake, failure: FailureData): void {
  const open = [first];
  for (let remake = open.pop(); remake !== undefined; remake = open.pop()) {
    s.lineage.gone.set(remake.row, failure);
    close(s, remake);
    for (const waiter of remake.waiters) {
      if (!s.lineage.waits.delete(waiter)) continue;
      const behind = remakeOf(s, waiter);
      if (behind === undefined) failWaiter(s, waiter, failure);
      else open.push(behind);
    }
    recheckFree(s, remake.row);
  }
}

function close(s: RunState, remake: Remake): void {
  s.lineage.remakes.delete(remake.row);
  if (remake.holding) letInputsGo(s, remake.row);
}

const REPEATABLE = "what may be lost has to come from a task that gives it again";

function diedText(deaths: readonly FailureData[]): string {
  const remedy = "look for what ends it (memory, an exit), or allow more with the option deaths of its task";
  const times = deaths.length === 1 ? "what ran it died once: " : "";
  return `${times}${deathFailure(deaths).message}; ${remedy}`;
}

function lostFailure(s: RunState, row: number, why: string, errors?: readonly FailureData[]): FailureData {
  const message = `the value of "${s.rowName(row)}" was lost and cannot be made again: ${why}`;
  return { name: "ValueLost", code: "VALUE_LOST", message, ...(errors === undefined ? undefined : { errors }) };
}

/** R3. What is under way is asked to stop; its outcome lets go of what it made. */
export function cancelRemakes(s: RunState, reason: string): void {
  const { remakes, ready, waits } = s.lineage;
  const ids: WorkId[] = [];
  for (const { row, attempt } of remakes.values()) {
    if (attempt > 0) ids.push({ run: s.facts.id, taskRun: taskRunId(row), attempt });
    else remakes.delete(row);
  }
  ready.clear();
  waits.clear();
  if (ids.length > 0) s.effects.push({ kind: "cancel", ids, reason });
}
