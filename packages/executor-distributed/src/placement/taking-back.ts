// Owns: taking back what a busy worker has not begun, when another one is idle and would begin it sooner (DIST-9).
// T1. The worker has the last word: until it says that the work had not begun, the work is there and nowhere else.

import { idleSeat, startsInMs } from "./choosing.js";
import type { WorkName } from "./events.js";
import { weighInputs } from "./holdings.js";
import type { NeedsClass } from "./needs-class.js";
import type { PlacementState } from "./state.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** So many of the longest queues are looked at: what waits in the first may be better off there. */
const QUEUES_MAX = 8;
/** What does not pay yet is looked at again no sooner than this. */
const LOOK_AGAIN_MS = 50;

export function balance(s: PlacementState): void {
  for (const of of s.dirty) if (of.waiting === 0) balanceClass(s, of);
  s.dirty.clear();
}

function balanceClass(s: PlacementState, of: NeedsClass): void {
  const thief = idleSeat(of)?.worker;
  if (thief === undefined || of.busy.size === 0) return;
  const asked = new Map<WorkerRow, WorkName[]>();
  for (const queue of of.busy.top(QUEUES_MAX)) {
    const { worker } = queue.seat;
    if (worker === thief) continue;
    // What fills a free slot of its own is about to begin.
    while (queue.last !== undefined && worker.works.size > worker.slots && s.recalled < recallsMax(s)) {
      if (!isSooner(s, queue.last, thief)) break;
      recall(s, worker, queue.last, asked);
    }
  }
  for (const [worker, works] of asked) {
    s.refresh(worker);
    s.effects.push({ kind: "takeBack", worker: worker.worker, works });
  }
}

/** As many are asked for as can begin elsewhere; of tiny works as many as make a frame worth its way. */
function recallsMax(s: PlacementState): number {
  return s.idleSlots * Math.max(1, Math.min(64, Math.floor(1 / (s.averages.typicalMs ?? 1))));
}

function isSooner(s: PlacementState, work: WorkRow, thief: WorkerRow): boolean {
  const holders: WorkerRow[] = [];
  const bytes = weighInputs(s, work.lane.run, work.facts.inputs, holders);
  const thereMs = work.seat?.worker.queueMs(s.nowMs, work.estimateMs) ?? 0;
  const hereMs = startsInMs(s, thief, bytes);
  for (const holder of holders) holder.inputBytes = 0;
  if (bytes < 0 || hereMs < thereMs) return bytes >= 0;
  // The longer the other one is overdue, the longer it is taken to need: at some time it pays.
  s.wantsWakeMs = Math.min(s.wantsWakeMs, s.nowMs + Math.max(LOOK_AGAIN_MS, hereMs - thereMs));
  return false;
}

export function recall(s: PlacementState, worker: WorkerRow, work: WorkRow, asked: Map<WorkerRow, WorkName[]>): void {
  worker.recall(work);
  s.recalled++;
  const names = asked.get(worker);
  if (names === undefined) asked.set(worker, [work.name]);
  else names.push(work.name);
}
