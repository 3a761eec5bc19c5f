// Owns: the tables of the placement, and the few changes that every family of events makes to them.
// P1. `find` is the one choke point: what names another attempt, or comes from another worker, is dropped there.
// P2. `refresh` follows every change of a worker, and is the one place that wakes what waits for one.

import { InternalError, type Needs } from "@millrace/core/pure";
import { Averages } from "./averages.js";
import { type PlacementEffect, STORE } from "./effects.js";
import type { WorkName } from "./events.js";
import { NeedsClass } from "./needs-class.js";
import { needsKey, NO_NEEDS } from "./needs.js";
import { RangeList } from "./range-list.js";
import { endKeeping, endWithout, giveWayTo } from "./reserving.js";
import type { RunRow } from "./run-row.js";
import type { WorkRow } from "./work-row.js";
import { WorkerRow } from "./worker-row.js";

/** Kinds of needs that nothing needs any more are kept up to this many. */
const CLASSES_MAX = 64;
const STORE_ROW = 1;
/**
 * Waiting works of one kind for which others are let in: what needs nothing does not wait behind fewer of them, and a map of a
 * million that all need a GPU does not stand here as a whole.
 */
export const COUNTED_MAX = 4_096;

export class PlacementState {
  effects: PlacementEffect[] = [];
  nowMs = 0;
  readonly averages = new Averages();
  readonly runs = new Map<number, RunRow>();
  readonly workers = new Map<number, WorkerRow>();
  readonly store = new WorkerRow(STORE, 0, STORE_ROW, 0, {}, []);
  /** By the number in the columns of values; 0 is nobody. */
  readonly rows: (WorkerRow | undefined)[] = [undefined, this.store];
  private readonly freeRows: number[] = [];
  readonly classes = new Map<string, NeedsClass>();
  readonly plain: NeedsClass;
  /** Where a work may be placed or taken back now. */
  readonly dirty = new Set<NeedsClass>();
  /** Workers for which something is in `outgoing` or `drops`. */
  readonly outgoing = new Set<WorkerRow>();
  readonly dropping = new Set<WorkerRow>();
  /** Kinds whose best work is long, while there is room behind what busy workers have. */
  readonly putOff = new Set<NeedsClass>();
  /** Kinds that a worker is kept for. */
  readonly kept = new Set<NeedsClass>();
  readonly lost = new Map<RunRow, RangeList>();
  /** Of wide ranges that were sent in this event (`knownPlacesOf`). */
  readonly places = new Map<string, readonly number[]>();
  /** Slots of the workers that take works, and those workers. */
  slots = 0;
  openWorkers = 0;
  idleSlots = 0;
  waitingForNeeds = 0;
  recalled = 0;
  limit = 0;
  wakeAtMs = Number.POSITIVE_INFINITY;
  wantsWakeMs = Number.POSITIVE_INFINITY;
  private orders = 0;

  constructor() {
    this.plain = this.classOf(NO_NEEDS);
  }

  nextOrder(): number {
    return this.orders++;
  }

  runOf(run: number): RunRow {
    const row = this.runs.get(run);
    if (row === undefined) throw new InternalError(`run ${run} is not open`);
    return row;
  }

  classOf(needs: Needs): NeedsClass {
    const key = needs === NO_NEEDS ? "" : needsKey(needs);
    const known = this.classes.get(key);
    if (known !== undefined) return known;
    if (this.classes.size >= CLASSES_MAX) this.dropUnused();
    const made = new NeedsClass(needs);
    this.classes.set(key, made);
    for (const worker of this.workers.values()) {
      made.seat(worker);
      this.refresh(worker);
    }
    return made;
  }

  addWorker(make: (at: number) => WorkerRow): WorkerRow {
    const worker = make(this.freeRows.pop() ?? this.rows.length);
    this.rows[worker.at] = worker;
    this.workers.set(worker.worker, worker);
    for (const of of this.classes.values()) of.seat(worker);
    this.countOpen(worker, 1);
    this.refresh(worker);
    return worker;
  }

  /** It holds nothing and has no work any more. */
  removeWorker(worker: WorkerRow): void {
    if (worker.keptFor !== undefined) endKeeping(this, worker.keptFor);
    if (worker.isOpen) this.countOpen(worker, -1);
    this.idleSlots -= worker.idleSlots;
    for (const seat of worker.seats.values()) {
      if (seat.heapAt >= 0) seat.of.open.remove(seat);
      seat.of.eligible--;
      if (seat.of.waiting > 0) this.dirty.add(seat.of);
    }
    this.workers.delete(worker.worker);
    this.outgoing.delete(worker);
    this.dropping.delete(worker);
    this.rows[worker.at] = undefined;
    this.freeRows.push(worker.at);
  }

  /** After `paused` or `retiring` may have changed from what it `was`. */
  noteOpen(worker: WorkerRow, was: boolean): void {
    if (worker.isOpen !== was) this.countOpen(worker, worker.isOpen ? 1 : -1);
    if (!worker.isOpen && worker.keptFor !== undefined) endKeeping(this, worker.keptFor);
    this.refresh(worker);
  }

  /** P2. */
  refresh(worker: WorkerRow): void {
    const key = worker.key(this.nowMs);
    const { seatList } = worker;
    const idle = worker.isOpen ? Math.max(0, worker.slots - worker.works.size) : 0;
    this.idleSlots += idle - worker.idleSlots;
    worker.idleSlots = idle;
    for (const seat of seatList) {
      const { of } = seat;
      if (!worker.takes(of)) {
        if (seat.heapAt >= 0) of.open.remove(seat);
        continue;
      }
      if (seat.heapAt >= 0) of.open.move(seat, key, worker.storedBytes);
      else {
        seat.key = key;
        seat.tie = worker.storedBytes;
        of.open.add(seat);
      }
      if (of.waiting > 0 || of.busy.size > 0) this.dirty.add(of);
    }
  }

  /** P1. */
  find({ run, taskRun, attempt }: WorkName, worker: WorkerRow | undefined): WorkRow | undefined {
    const work = this.runs.get(run)?.works.get(taskRun);
    return work?.facts.attempt === attempt && work.seat?.worker === worker ? work : undefined;
  }

  wait(work: WorkRow): void {
    const { of } = work.lane;
    of.wait(work);
    if (of !== this.plain && of.waiting <= COUNTED_MAX) this.waitingForNeeds++;
    this.dirty.add(of);
    if (this.kept.size > 0) giveWayTo(this, work);
  }

  unwait(work: WorkRow): void {
    const { of } = work.lane;
    of.leave(work);
    if (of.waiting === 0) {
      of.passed = 0;
      this.putOff.delete(of);
    }
    endWithout(this, work);
    if (of !== this.plain && of.waiting < COUNTED_MAX) this.waitingForNeeds--;
  }

  /** It leaves its worker; its worker is refreshed by the caller, once for all that leave it. */
  release(work: WorkRow): void {
    const worker = work.seat?.worker;
    if (worker === undefined) return;
    if (work.place === "recalled") this.recalled--;
    worker.release(work);
    work.lane.run.noteSent(-1);
  }

  /** It is answered: nobody knows it any more. */
  forget(work: WorkRow): void {
    const { run, of } = work.lane;
    run.works.delete(work.facts.taskRun);
    of.works--;
    if (run.closed) this.endRun(run);
  }

  /** Of a closed run: it goes with the last of its works. */
  endRun({ run, works }: RunRow): void {
    if (works.size > 0) return;
    this.runs.delete(run);
    this.effects.push({ kind: "runGone", run });
  }

  private countOpen(worker: WorkerRow, by: 1 | -1): void {
    this.openWorkers += by;
    this.slots += by * worker.slots;
  }

  private dropUnused(): void {
    for (const [key, of] of this.classes) {
      if (of.works > 0 || of === this.plain) continue;
      this.classes.delete(key);
      this.dirty.delete(of);
      this.putOff.delete(of);
      for (const worker of this.workers.values()) dropSeat(worker, of);
      for (const run of this.runs.values()) {
        const kept = run.lanes.filter((lane) => lane.of !== of);
        run.lanes.splice(0, run.lanes.length, ...kept);
        run.warned.delete(of);
      }
    }
  }
}

function dropSeat(worker: WorkerRow, of: NeedsClass): void {
  if (!worker.seats.delete(of)) return;
  worker.seatList = [...worker.seats.values()];
}

/** A list of ranges for this key, made where there is none. */
export function rangesOf<K>(lists: Map<K, RangeList>, key: K): RangeList {
  const known = lists.get(key);
  if (known !== undefined) return known;
  const made = new RangeList();
  lists.set(key, made);
  return made;
}
