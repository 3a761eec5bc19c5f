// Owns: the placement of the works of all runs on the workers, pure: events and the time in, effects out as one ordered list.
// It knows who holds which value and which works were sent where.
// Does not own: states of task runs, retries, when a work is sent again: what is lost is reported, and comes back as another
// attempt if somebody wants it (D2). Nor sockets, time, values.
// P1. `handle` is the only mutator and is synchronous.
// P2. A work that came is answered once: it ends, is given back, or died.

import type { Needs, ValueRange } from "@millrace/core/pure";
import { balance } from "./taking-back.js";
import { placeWaiting } from "./choosing.js";
import { demandNow, warnUnsatisfiable } from "./demanding.js";
import type { PlacementEffect } from "./effects.js";
import type { PlacementEvent, RunEvent, WorkerEvent } from "./events.js";
import { explain, explainNeeds, type PlacementReason } from "./explain.js";
import { addCopies, addValue, missingOf, placesOf, releaseAll, releaseRange, removeCopies } from "./holdings.js";
import { onJoined, onLost, onPaused, onRetiring } from "./on-workers.js";
import { onArrived, onBegan, onCancelled, onEnded } from "./on-works.js";
import { RunRow } from "./run-row.js";
import { PlacementState } from "./state.js";

type Holding = ValueRange & { readonly worker: number };
export type Whereabouts = { readonly holders: readonly Holding[]; readonly missing: readonly ValueRange[] };

export class Placement {
  /** For `validate` and `explain`, which read and never write. */
  readonly state = new PlacementState();

  /** Appends to `effects`, a fresh array for each event. */
  handle(event: PlacementEvent, nowMs: number, effects: PlacementEffect[]): void {
    const s = this.state;
    s.effects = effects;
    s.nowMs = nowMs;
    take(s, event);
    placeWaiting(s);
    balance(s);
    flush(s);
    warnUnsatisfiable(s);
    demandNow(s);
    askToWake(s);
  }

  /** Who holds these, for questions, which are no works; `missing`: what nobody does. */
  whereIs(run: number, values: readonly ValueRange[]): Whereabouts {
    const row = this.state.runs.get(run);
    if (row === undefined) return { holders: [], missing: values };
    const holders: Holding[] = [];
    for (const range of values) {
      const places = placesOf(this.state, row, range);
      for (let i = 0; i < places.length; i += 3) {
        const [first = 0, count = 0, worker = 0] = places.slice(i, i + 3);
        holders.push({ first, count, attempt: range.attempt, worker });
      }
    }
    return { holders, missing: missingOf(row, values) };
  }

  /** Why a work that is here has not ended (D13). */
  explain(run: number, taskRun: number): PlacementReason {
    return explain(this.state, run, taskRun);
  }

  /** Why a work with these needs, which is not here, would not be sent now. */
  explainNeeds(needs: Needs): PlacementReason {
    return explainNeeds(this.state, needs);
  }
}

function take(s: PlacementState, event: PlacementEvent): void {
  switch (event.kind) {
    case "runOpened":
    case "runClosed":
    case "worksArrived":
    case "worksCancelled":
    case "valuesReleased":
    case "put":
      return takeFromRun(s, event);
    case "transferred":
      return s.averages.noteTransfer(event.bytes, event.ms);
    case "woke":
      s.wakeAtMs = Number.POSITIVE_INFINITY;
      for (const of of s.classes.values()) s.dirty.add(of);
      return;
    default:
      return takeFromWorker(s, event);
  }
}

function takeFromRun(s: PlacementState, event: RunEvent): void {
  switch (event.kind) {
    case "runOpened":
      s.runs.set(event.run, new RunRow(event.run, s.nextOrder()));
      return;
    case "runClosed":
      return closeRun(s, event.run);
    case "worksArrived":
      return onArrived(s, event.run, event.works);
    case "worksCancelled":
      return onCancelled(s, event.works);
    case "valuesReleased": {
      const run = s.runOf(event.run);
      for (const range of event.values) releaseRange(s, run, range);
      return;
    }
    case "put":
      return addValue(s, s.runOf(event.run), event.taskRun, 0, event.bytes, s.store);
    default:
      return event satisfies never;
  }
}

function takeFromWorker(s: PlacementState, event: WorkerEvent): void {
  if (event.kind === "workerJoined") return onJoined(s, event);
  const worker = s.workers.get(event.worker);
  if (worker?.epoch !== event.epoch) return;
  switch (event.kind) {
    case "began":
      return onBegan(s, worker, event.works);
    case "ended":
      return onEnded(s, worker, event.works);
    case "workerLost":
      return onLost(s, worker);
    case "workerRetiring":
      return onRetiring(s, worker);
    case "workerPaused":
      return onPaused(s, worker, true);
    case "workerResumed":
      return onPaused(s, worker, false);
    case "valuesAdded":
    case "valuesDropped": {
      const run = s.runs.get(event.run);
      const change = event.kind === "valuesAdded" ? addCopies : removeCopies;
      if (run !== undefined) for (const range of event.values) change(s, run, range, worker);
      return s.refresh(worker);
    }
    default:
      return event satisfies never;
  }
}

/** What waits is given back; what is at a worker is cancelled, and the run goes with the last of it. */
function closeRun(s: PlacementState, number: number): void {
  const run = s.runs.get(number);
  if (run === undefined) return;
  releaseAll(s, run);
  onCancelled(
    s,
    [...run.works.values()].map((work) => work.name),
  );
  run.closed = true;
  s.endRun(run);
}

function flush(s: PlacementState): void {
  for (const worker of s.outgoing) {
    s.effects.push({ kind: "send", worker: worker.worker, works: worker.outgoing });
    worker.outgoing = [];
  }
  s.outgoing.clear();
  for (const worker of s.dropping) {
    for (const [{ run }, ranges] of worker.drops)
      s.effects.push({ kind: "drop", worker: worker.worker, run, values: ranges.take() });
    worker.drops.clear();
    s.refresh(worker);
  }
  s.dropping.clear();
  for (const [{ run }, ranges] of s.lost) s.effects.push({ kind: "valuesLost", run, values: ranges.take() });
  s.lost.clear();
  s.places.clear();
}

function askToWake(s: PlacementState): void {
  const atMs = s.wantsWakeMs;
  s.wantsWakeMs = Number.POSITIVE_INFINITY;
  if (atMs >= s.wakeAtMs) return;
  s.wakeAtMs = atMs;
  s.effects.push({ kind: "wakeAt", atMs });
}
