// Owns: that a stream of small works does not starve others (DIST-7): keeping a worker's resources for works that need much of
// them, and putting long ones behind what a busy worker has.
// R1. A kind of needs is kept one worker at most, a worker for one kind at most, and only while the kind waits and the worker is
//     open. Nothing else that needs any of the same resources starts there until one work of the kind has.
// R2. It never holds up what has a higher priority: nothing is kept while such works pass, and when one comes it ends.
// R3. No search: the worker is the one that the work which passed has just been sent to.

import type { Lane } from "./lane.js";
import { type NeedsClass, PASSED_MAX } from "./needs-class.js";
import type { PlacementState } from "./state.js";
import type { WorkerRow } from "./worker-row.js";
import type { WorkRow } from "./work-row.js";

/** The work was sent to the worker: who waits for what it took was passed over. */
export function notePassed(s: PlacementState, { lane }: WorkRow, worker: WorkerRow): void {
  for (const of of s.putOff) {
    if (of === lane.of || !worker.seats.has(of)) continue;
    pass(of, lane);
    if (of.isPassed) s.dirty.add(of);
  }
  if (lane.of.amounts.size === 0 || worker.keptFor !== undefined) return;
  for (const { of } of worker.seatList) {
    if (of.waiting === 0 || of.open.size > 0 || of.keptAt !== undefined || !of.competesWith(lane.of)) continue;
    pass(of, lane);
    if (!of.isPassed) continue;
    of.keptAt = worker;
    worker.keptFor = of;
    s.kept.add(of);
    return s.refresh(worker);
  }
}

/** So many of its priority go before it; of a lower one none does, and what has a higher one passes nothing over. */
function pass(of: NeedsClass, { level: { priority } }: Lane): void {
  const best = of.best()?.lane.level.priority ?? 0;
  if (priority <= best) of.passed = priority < best ? PASSED_MAX : of.passed + 1;
}

/** R2: also when the work that it was kept for goes, and what is left of its kind has a lower priority. */
export function endWithout(s: PlacementState, { lane: { of, level } }: WorkRow): void {
  if (of.keptAt === undefined) return;
  const best = of.best();
  if (best === undefined || best.lane.level.priority < level.priority) endKeeping(s, of);
}

/** R2. */
export function giveWayTo(s: PlacementState, { lane }: WorkRow): void {
  for (const of of s.kept) {
    const best = of.best()?.lane.level.priority ?? 0;
    if (of !== lane.of && of.competesWith(lane.of) && lane.level.priority > best) endKeeping(s, of);
  }
}

/** Of one kind that begins, or waits no more, or whose worker is not open. */
export function endKeeping(s: PlacementState, of: NeedsClass): void {
  const worker = of.keptAt;
  if (worker === undefined) return;
  of.keptAt = undefined;
  worker.keptFor = undefined;
  s.kept.delete(of);
  s.refresh(worker);
}
