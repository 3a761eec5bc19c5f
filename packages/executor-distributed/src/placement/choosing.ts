// Owns: which worker a work goes to (DIST-5): the one where it would begin first, by what waits there and what must move.
// C1. Looked at are the holders of its inputs and the first of all that take such works: never all workers.

import type { InputPlaces } from "./effects.js";
import { knownPlacesOf, missingOf, weighInputs } from "./holdings.js";
import type { NeedsClass } from "./needs-class.js";
import { endKeeping, notePassed } from "./reserving.js";
import type { Seat } from "./seat.js";
import type { PlacementState } from "./state.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** Longer works are sent ahead of time only where there is something to fetch meanwhile. */
const LONG_MS = 1000;
/** Fetching shorter than this is not worth being bound to a busy worker. */
const FETCH_MS = 10;
const NO_INPUTS: readonly InputPlaces[] = [];

/** Gives works to workers until nothing waits that could go. */
export function placeWaiting(s: PlacementState): void {
  for (;;) {
    const work = bestOf(s);
    if (work === undefined) return;
    const seat = work.facts.inputs.length === 0 ? first(s, work) : firstWithInputs(s, work);
    if (seat === "missing") giveBackMissing(s, work);
    else if (seat === undefined) putOff(s, work);
    else send(s, work, seat);
  }
}

/** No worker has room for its kind, or none that it should be bound to. */
function putOff(s: PlacementState, { lane: { of } }: WorkRow): void {
  s.dirty.delete(of);
  if (of.open.size > 0) s.putOff.add(of);
}

/** Without inputs one worker is as good as another. */
function first(s: PlacementState, work: WorkRow): Seat | undefined {
  const seat = work.lane.of.open.first;
  if (seat === undefined) return undefined;
  return mayTake(s, work, seat.worker, s.averages.durationMs(work.facts.task), 0) ? seat : undefined;
}

function firstWithInputs(s: PlacementState, work: WorkRow): Seat | "missing" | undefined {
  const holders: WorkerRow[] = [];
  const bytes = weighInputs(s, work.lane.run, work.facts.inputs, holders);
  const seat = bytes < 0 ? "missing" : choose(s, work, bytes, holders);
  for (const holder of holders) holder.inputBytes = 0;
  return seat;
}

/** The best work of all kinds that something changed for; a kind for which no worker has room is done with. */
function bestOf(s: PlacementState): WorkRow | undefined {
  let best: WorkRow | undefined;
  for (const of of s.dirty) {
    const work = of.best();
    if (work === undefined || of.open.size === 0) continue;
    if (best === undefined || isBefore(work, best)) best = work;
  }
  return best;
}

/** DIST-7, and fair between runs of one priority. */
function isBefore(a: WorkRow, b: WorkRow): boolean {
  if (a.lane.level.priority !== b.lane.level.priority) return a.lane.level.priority > b.lane.level.priority;
  if (a.lane.run !== b.lane.run) {
    const [one, other] = [a.lane.run, b.lane.run];
    return one.sent === other.sent ? one.order < other.order : one.sent < other.sent;
  }
  return a.key < b.key;
}

function giveBackMissing(s: PlacementState, work: WorkRow): void {
  s.unwait(work);
  s.forget(work);
  s.effects.push({ kind: "givenBack", work: work.name, missing: missingOf(work.lane.run, work.facts.inputs) });
}

function choose(s: PlacementState, work: WorkRow, bytes: number, holders: readonly WorkerRow[]): Seat | undefined {
  const { of } = work.lane;
  const ms = s.averages.durationMs(work.facts.task);
  let best: Seat | undefined;
  let bestMs = Number.POSITIVE_INFINITY;
  const consider = (seat: Seat | undefined): void => {
    if (seat === undefined || seat.heapAt < 0) return;
    const startMs = startsInMs(s, seat.worker, bytes);
    if (!mayTake(s, work, seat.worker, ms, bytes)) return;
    const isBetter =
      startMs < bestMs || (startMs === bestMs && seat.worker.storedBytes < (best?.worker.storedBytes ?? 0));
    if (!isBetter) return;
    best = seat;
    bestMs = startMs;
  };
  consider(of.open.first);
  for (const holder of holders) consider(holder.seats.get(of));
  return best;
}

/** From now: the inputs come while it waits. */
export function startsInMs(s: PlacementState, worker: WorkerRow, bytes: number): number {
  return Math.max(worker.queueMs(s.nowMs), s.averages.transferMs(Math.max(0, bytes - worker.inputBytes)));
}

/** A busy worker is given what it takes little to wait for, what it can fetch meanwhile, or what was passed often enough. */
function mayTake(s: PlacementState, work: WorkRow, worker: WorkerRow, ms: number, bytes: number): boolean {
  if (worker.isIdle || work.lane.of.isPassed) return true;
  // Behind others it would be lost with what they do to their worker.
  if (work.facts.isOnce === true) return false;
  if (ms <= LONG_MS) return true;
  return s.averages.transferMs(bytes - worker.inputBytes) >= FETCH_MS;
}

function send(s: PlacementState, work: WorkRow, seat: Seat): void {
  const { worker } = seat;
  const { run } = work.lane;
  s.unwait(work);
  work.estimateMs = s.averages.durationMs(work.facts.task);
  worker.accept(work, seat);
  run.noteSent(1);
  endKeeping(s, work.lane.of);
  work.lane.of.passed = 0;
  s.putOff.delete(work.lane.of);
  s.refresh(worker);
  notePassed(s, work, worker);
  const ranges = work.facts.inputs;
  const inputs =
    ranges.length === 0
      ? NO_INPUTS
      : ranges.map((range) => ({ attempt: range.attempt, holders: knownPlacesOf(s, run, range) }));
  if (worker.outgoing.length === 0) s.outgoing.add(worker);
  worker.outgoing.push({ run: run.run, work: work.facts, inputs });
}

/** A worker of this kind that has a free slot now. */
export function idleSeat(of: NeedsClass): Seat | undefined {
  const seat = of.open.first;
  return seat?.worker.isIdle === true ? seat : undefined;
}
