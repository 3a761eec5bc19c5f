// Owns: workers that come, leave, pause and are lost. What a lost one held is gone; what had begun there died, the rest is
// given back, and nothing else is blamed (W8, W9).
// L1. That a work has begun may have been said and lost with the worker: what is to run once at most died wherever it was sent
//     there, and of the rest what would have begun next is told apart (`mayHaveBegun`), so that somebody can count it.

import type { WorkName } from "./events.js";
import { removeAllOf } from "./holdings.js";
import type { PlacementState } from "./state.js";
import { recall } from "./taking-back.js";
import { WorkerRow } from "./worker-row.js";

export type Joining = {
  readonly worker: number;
  readonly epoch: number;
  readonly slots: number;
  readonly resources: Readonly<Record<string, number>>;
  readonly labels: readonly string[];
};

/** A worker that comes again has lost what it was before (W11). */
export function onJoined(s: PlacementState, { worker, epoch, slots, resources, labels }: Joining): void {
  const before = s.workers.get(worker);
  if (before !== undefined && before.epoch >= epoch) return;
  if (before !== undefined) onLost(s, before);
  s.addWorker((at) => new WorkerRow(worker, epoch, at, slots, resources, labels));
}

export function onLost(s: PlacementState, worker: WorkerRow): void {
  // L1: in the order in which they were sent.
  let next = worker.slots - worker.begun;
  for (const work of worker.works) {
    const hadBegun = work.place === "begun";
    const mayHaveBegun = !hadBegun && next-- > 0;
    s.release(work);
    s.forget(work);
    if (hadBegun || work.facts.isOnce === true)
      s.effects.push({ kind: "died", work: work.name, worker: worker.worker });
    else s.effects.push({ kind: "givenBack", work: work.name, missing: [], mayHaveBegun });
  }
  removeAllOf(s, worker);
  s.removeWorker(worker);
}

export function onRetiring(s: PlacementState, worker: WorkerRow): void {
  const was = worker.isOpen;
  worker.retiring = true;
  s.noteOpen(worker, was);
  takeAllBack(s, worker);
}

export function onPaused(s: PlacementState, worker: WorkerRow, paused: boolean): void {
  const was = worker.isOpen;
  worker.paused = paused;
  s.noteOpen(worker, was);
  if (paused) takeAllBack(s, worker);
}

function takeAllBack(s: PlacementState, worker: WorkerRow): void {
  const asked = new Map<WorkerRow, WorkName[]>();
  for (const work of worker.works) if (work.place === "sent") recall(s, worker, work, asked);
  for (const works of asked.values()) s.effects.push({ kind: "takeBack", worker: worker.worker, works });
}
