// Owns: what an attempt's end does to its task run.
// O1. The fence: an outcome counts if its row runs and its attempt is the one that was sent last; the first one closes
//     it. Any other is dropped here and nowhere else, and a value that came with it is released.
// O2. While the run, or the task run alone, is cancelled an open attempt commits Cancelled, whatever its outcome says.

import type { TaskSpec } from "../graph/node-spec.js";
import type { StoryCause } from "../states/explanation.js";
import type { FailureData } from "../work/failure-data.js";
import { CHILD_BASE } from "../work/ids.js";
import { STATE, type StateCode } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import { type Outcome, type OutcomeBatch, OutcomeRange, type SignalData } from "../work/outcome.js";
import type { Retry } from "../work/policies.js";
import { RunnerFault } from "../work/runner-fault.js";
import { takeCancelled } from "./cancel-only.js";
import { childEnded, makeChildReady } from "./children.js";
import { deathFailure } from "./death-failure.js";
import { markLost } from "./given-back.js";
import { enqueueMap } from "./lanes.js";
import type { MapRecord } from "./map-record.js";
import { takeRange } from "./ranges.js";
import { takeRemade } from "./remakes.js";
import type { RetryEntry } from "./retry-timers.js";
import type { RunState, Tries } from "./run-state.js";
import { completeNode, makeReady } from "./endings.js";

export function onOutcomes(s: RunState, batches: readonly OutcomeBatch[]): void {
  for (const batch of batches) {
    if (batch instanceof OutcomeRange && takeRange(s, batch)) continue;
    for (let i = 0; i < batch.length; i++) onOutcome(s, checked(batch.at(i)));
  }
}

/** What a runner says is not always what its types say. */
function checked(outcome: Outcome): Outcome {
  const isOne = typeof outcome === "object" && outcome !== null && typeof outcome.result === "object";
  if (isOne && Number.isInteger(outcome.taskRun) && outcome.taskRun >= 0 && outcome.attempt >= 1) return outcome;
  throw new RunnerFault("the runner gave an outcome that is none: it needs taskRun, attempt (from 1 on) and result");
}

/** The run has sent nothing of this name: no late word, but a wrong one. */
function neverSent(s: RunState, { taskRun: row, attempt }: Outcome): boolean {
  if (row < CHILD_BASE) return row >= s.read || (!s.isDropped(row) && attempt > s.attempt(row));
  if (s.isSealed(row)) return false;
  const map = s.table.mapOfRow(row);
  return map === undefined || row >= map.first + map.width || attempt > s.attempt(row);
}

function onOutcome(s: RunState, outcome: Outcome): void {
  const row = outcome.taskRun;
  const result = outcome.result;
  if (s.lineage.remakes.size > 0 && takeRemade(s, outcome)) return;
  if (!s.isSent(row) || s.attempt(row) !== outcome.attempt) {
    if (neverSent(s, outcome)) {
      const what = `attempt ${outcome.attempt} of task run ${row}`;
      throw new RunnerFault(`the runner answered for ${what}, which it was never given`);
    }
    s.dropped++;
    // The accepted outcome told twice: its value has that name, and stays.
    const accepted = s.table.state(row) === STATE.Success && s.attempt(row) === outcome.attempt;
    if (result.end === "value" && !accepted) s.releases.add(row, outcome.attempt);
    return;
  }
  s.open--;
  s.table.setTimes(row, outcome.startedAtMs, outcome.durationMs);
  const map = mapOf(s, row);
  if (map !== undefined) map.running--;
  if (takeCancelled(s, row, map) || s.cancelReason !== undefined) {
    if (result.end === "value") s.releases.add(row, outcome.attempt);
    end(s, row, map, STATE.Cancelled);
  } else onEnd(s, outcome, map);
  if (map !== undefined) enqueueMap(s, map);
}

function onEnd(s: RunState, { taskRun: row, attempt, result }: Outcome, map: MapRecord | undefined): void {
  switch (result.end) {
    case "value":
      if (map === undefined) s.setMeta(row, result.value);
      else if (attempt !== 1) map.attempts.set(row - map.shape.first, attempt);
      return end(s, row, map, STATE.Success);
    case "signal":
      return onSignal(s, row, map, result.signal);
    case "failed":
      if (result.retry === "no") return failed(s, row, map, STATE.Failed, result.failure);
      return retryLater(s, row, map, result.retry);
    case "timedOut":
      return onTimedOut(s, row, map, result.goesOn === true);
    case "died":
      return onDied(s, row, map, result.cause);
    case "givenBack":
      markLost(s, result.missing);
      s.noteStory(row, "givenBack");
      s.resend.add(row);
      return again(s, row, map);
    default:
      return unknownEnd(result);
  }
}

/** Not dropped: the task run would wait for ever. */
function unknownEnd(result: never): never {
  const { end }: { readonly end?: unknown } = result;
  throw new RunnerFault(`the runner gave an outcome that ends as "${String(end)}": there is no such end`);
}

function failed(
  s: RunState,
  row: number,
  map: MapRecord | undefined,
  state: typeof STATE.Failed | typeof STATE.TimedOut,
  failure: FailureData,
  cause?: StoryCause,
): void {
  s.table.failures.set(row, failure);
  end(s, row, map, state, cause);
}

function specOf(s: RunState, row: number, map: MapRecord | undefined): TaskSpec {
  const spec = map?.spec ?? s.graph.spec(row);
  if (spec.kind === "task") return spec;
  throw new InternalError(`${s.rowName(row)} is no task and has an outcome`);
}

const GOES_ON =
  "; it did not stop when it was asked, and goes on unseen: in this process nothing can end it, in threads it would be killed";

/** Where it was killed nobody else could decide: a retry is one of the policy (TIMEOUT-1, RETRY-3). */
function onTimedOut(s: RunState, row: number, map: MapRecord | undefined, goesOn: boolean): void {
  const { retry, timeoutMs = 0 } = specOf(s, row, map);
  if (triesOf(s, row).runCount <= retry.retries) return retryLater(s, row, map, { delayMs: retry.delayMs }, "timedOut");
  const message = `it took longer than its timeout of ${timeoutMs} ms${goesOn ? GOES_ON : ""}`;
  failed(s, row, map, STATE.TimedOut, { name: "TaskTimedOut", code: "TIMED_OUT", message });
}

/** RETRY-8. It is no transition: the same try is sent again, at once. */
function onDied(s: RunState, row: number, map: MapRecord | undefined, cause: FailureData): void {
  const { rerun } = specOf(s, row, map);
  const tries = triesOf(s, row);
  tries.deaths = [...tries.deaths, cause];
  if (rerun !== "never" && tries.deaths.length < rerun.deaths) {
    s.noteStory(row, "died");
    s.resend.add(row);
    again(s, row, map);
  } else failed(s, row, map, STATE.Failed, deathFailure(tries.deaths), "died");
}

function mapOf(s: RunState, row: number): MapRecord | undefined {
  if (row < CHILD_BASE) return undefined;
  const map = s.mapOf(row);
  if (map === undefined) throw new InternalError(`no map has the row ${row}`);
  return map;
}

function end(s: RunState, row: number, map: MapRecord | undefined, state: StateCode, cause?: StoryCause): void {
  s.transition(row, state, cause);
  if (s.tries.size > 0) forgetTries(s, row, state);
  if (map === undefined) completeNode(s, row);
  else childEnded(s, map, row - map.shape.first, state);
}

/** A value that is lost is made again by the try that made it. */
function forgetTries(s: RunState, row: number, state: StateCode): void {
  const tries = s.tries.get(row);
  if (tries === undefined) return;
  s.tries.delete(row);
  const { runCount, loopCount, loopValue } = tries;
  if (!s.lineage.on || state !== STATE.Success || (runCount === 1 && loopCount === 1)) return;
  s.lineage.numbers.set(row, { runCount, loopCount, loopValue });
}

function onSignal(s: RunState, row: number, map: MapRecord | undefined, signal: SignalData): void {
  switch (signal.kind) {
    case "skip":
      s.table.skips.set(row, { raised: true, reason: signal.reason });
      return end(s, row, map, STATE.Skipped);
    case "loop": {
      // Each iteration has its own run count and retries (LOOP-3).
      const tries = triesOf(s, row);
      tries.loopCount++;
      tries.runCount = 1;
      tries.loopValue = signal.next;
      s.transition(row, STATE.Looped);
      s.transition(row, STATE.Pending);
      return again(s, row, map);
    }
    default:
      return signal satisfies never;
  }
}

function triesOf(s: RunState, row: number): Tries {
  let tries = s.tries.get(row);
  if (tries === undefined) {
    tries = { runCount: 1, loopCount: 1, loopValue: undefined, dueMs: 0, deaths: [] };
    s.tries.set(row, tries);
  }
  return tries;
}

/** RETRY-1, RETRY-5, RETRY-7: the run count grows, the wait holds no slot. */
function retryLater(
  s: RunState,
  row: number,
  map: MapRecord | undefined,
  retry: Exclude<Retry, "no">,
  cause?: StoryCause,
): void {
  const tries = triesOf(s, row);
  tries.runCount++;
  tries.dueMs = s.now + retry.delayMs;
  s.transition(row, STATE.Retrying, cause);
  if (retry.delayMs > 0) s.timers.add(tries.dueMs, row);
  else again(s, row, map);
}

/** Retries whose time has come; those that the budget does not reach are woken for at once. */
export function wakeRetries(s: RunState): void {
  while (s.budget > 0) {
    const due = s.timers.takeDue(s.now);
    if (due === undefined) return;
    s.budget--;
    if (isWaitedFor(s, due)) again(s, due.row, mapOf(s, due.row));
  }
}

/** When the next retry is due. Those that were cancelled while they waited are not waited for. */
export function nextRetryMs(s: RunState): number {
  for (let first = s.timers.first(); first !== undefined && !isWaitedFor(s, first); first = s.timers.first())
    s.timers.takeDue(first.dueMs);
  return s.timers.nextMs;
}

/** H1 of `retry-timers`. */
const isWaitedFor = (s: RunState, { row, dueMs }: RetryEntry): boolean =>
  s.table.state(row) === STATE.Retrying && s.tries.get(row)?.dueMs === dueMs;

function again(s: RunState, row: number, map: MapRecord | undefined): void {
  if (map === undefined) makeReady(s, row);
  else makeChildReady(s, map, row - map.shape.first);
}
