// Owns: deriving again all that the placement keeps as indexes and sums. For tests: it looks at everything. Throws `INTERNAL`
// with the first thing that does not agree. The numbers are those of the invariants in `docs/STATES.md`.

import { InternalError } from "@millrace/core/pure";
import { idleSeat } from "./choosing.js";
import type { NeedsClass } from "./needs-class.js";
import type { RunRow } from "./run-row.js";
import type { SeatQueue } from "./seat.js";
import { COUNTED_MAX, type PlacementState } from "./state.js";
import { NOBODY } from "./value-page.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** Sums of times are not exact. */
const NEAR_MS = 1;
const NO_WORKERS: readonly WorkerRow[] = [];

export function validatePlacement(s: PlacementState): void {
  const stored: Sums = [];
  const kinds: Kinds = new Map();
  const waiting = new Map<NeedsClass, number>();
  let [recalled, atWorkers] = [0, 0];
  for (const run of s.runs.values()) {
    let sent = 0;
    for (const work of run.works.values()) {
      validateWork(work, s, kinds);
      if (work.place === "waiting" && work.lane.of !== s.plain)
        waiting.set(work.lane.of, (waiting.get(work.lane.of) ?? 0) + 1);
      if (work.place === "recalled") recalled++;
      if (work.seat !== undefined) sent++;
    }
    validateRun(s, run, sent);
    atWorkers += sent;
    validateValues(s, run, stored);
  }
  let counted = 0;
  for (const many of waiting.values()) counted += Math.min(many, COUNTED_MAX);
  if (counted !== s.waitingForNeeds) fail(`${counted} wait for needs, ${s.waitingForNeeds} are counted`, 9);
  if (recalled !== s.recalled) fail(`${recalled} are asked back, ${s.recalled} are counted`, 9);
  validateStored(s.store, stored);
  let [works, slots, open, idle] = [0, 0, 0, 0];
  for (const worker of s.workers.values()) {
    validateStored(worker, stored);
    validateWorker(s, worker);
    works += worker.works.size;
    if (!worker.isOpen) continue;
    slots += worker.slots;
    idle += Math.max(0, worker.slots - worker.works.size);
    open++;
  }
  if (works !== atWorkers) fail(`${atWorkers} works are sent, workers have ${works}`, 4);
  if (slots !== s.slots || open !== s.openWorkers || idle !== s.idleSlots) fail("slots are counted wrongly", 9);
  validateClasses(s, kinds);
}

/** Texts are made of what has failed, and of nothing else: this is looked at after every event. */
function fail(what: string, invariant: number): never {
  throw new InternalError(`invariant ${invariant}: ${what}`);
}

/** Works of each kind of needs: all, and those that wait. */
type Kinds = Map<NeedsClass, { works: number; waiting: number }>;

function validateWork(work: WorkRow, s: PlacementState, kinds: Kinds): void {
  const { of } = work.lane;
  const kind = kinds.get(of);
  const isWaiting = work.place === "waiting";
  if (kind === undefined) kinds.set(of, { works: 1, waiting: isWaiting ? 1 : 0 });
  else {
    kind.works++;
    if (isWaiting) kind.waiting++;
  }
  if (isWaiting !== work.heapAt >= 0 || isWaiting !== (work.seat === undefined))
    fail(`${JSON.stringify(work.name)} is in two places`, 1);
  const worker = work.seat?.worker;
  if (worker === undefined) return;
  if (!worker.works.has(work) || s.workers.get(worker.worker) !== worker)
    fail(`${JSON.stringify(work.name)} is not where it was sent`, 4);
}

function validateRun(s: PlacementState, run: RunRow, sent: number): void {
  if (sent !== run.sent) fail(`run ${run.run}: ${sent} works are sent, ${run.sent} are counted`, 9);
  for (const lane of run.lanes) {
    if (lane.heapAt >= 0 !== lane.works.size > 0 || lane.key !== run.sent) fail(`run ${run.run}: a lane is wrong`, 1);
    if (lane.works.size === 0 && lane.level.priority !== 0) fail(`run ${run.run}: an empty lane is kept`, 1);
    if (s.classes.get(lane.of.key) !== lane.of) fail(`run ${run.run}: a lane's needs are forgotten`, 1);
  }
}

/** Sums of one worker, by its row. */
type Held = { count: number; bytes: number };
type Sums = Held[];

function validateValues(s: PlacementState, run: RunRow, stored: Sums): void {
  for (const page of run.pages.values()) {
    let [count, firsts, total, sharing] = [0, 0, 0, 0];
    const shares: Sums = [];
    for (let row = 0; row < page.holders.length; row++) {
      if (page.holders[row] === NOBODY) continue;
      const bytes = page.bytes[row] ?? 0;
      count++;
      total += bytes;
      if (page.attempts[row] === 1) firsts++;
      if (row < page.low || row >= page.high) fail("a value lies outside of its page's marks", 5);
      const only = page.onlyHolder(row, s.rows);
      const holders = only === undefined ? (page.several.get(row) ?? NO_WORKERS) : undefined;
      if (holders !== undefined && holders.length < 2) fail("a value that is here has no holder", 5);
      if (only !== undefined) sharing += add(shares, stored, only, bytes);
      else for (const worker of holders ?? NO_WORKERS) sharing += add(shares, stored, worker, bytes);
    }
    if (count === 0 || count !== page.count || firsts !== page.firsts) fail("the values of a page are miscounted", 9);
    if (total !== page.totalBytes || sharing !== page.shares.size) fail("a page's sums are wrong", 9);
    for (const [worker, share] of page.shares) {
      const held = shares[worker.at];
      if (share.bytes !== held?.bytes || share.count !== held.count)
        fail(`a page's share of worker ${worker.worker} is wrong`, 5);
    }
  }
}

/** How many workers are new in `shares`. */
function add(shares: Sums, stored: Sums, { at }: WorkerRow, bytes: number): number {
  const sum = (stored[at] ??= { count: 0, bytes: 0 });
  sum.count++;
  sum.bytes += bytes;
  const share = shares[at];
  if (share === undefined) {
    shares[at] = { count: 1, bytes };
    return 1;
  }
  share.count++;
  share.bytes += bytes;
  return 0;
}

function validateStored(worker: WorkerRow, stored: Sums): void {
  const held = stored[worker.at];
  if ((held?.bytes ?? 0) !== worker.storedBytes || (held?.count ?? 0) !== worker.storedCount)
    fail(`worker ${worker.worker}: stored is wrong`, 5);
}

function validateWorker(s: PlacementState, worker: WorkerRow): void {
  const { worker: number } = worker;
  let [begun, ends, unbegun, sent] = [0, 0, 0, 0];
  for (const work of worker.works) {
    if (work.seat === undefined || work.seat !== worker.seats.get(work.lane.of))
      fail(`worker ${number} has a work on another's seat`, 4);
    if (work.place === "begun") {
      begun++;
      ends += work.begunAtMs + work.estimateMs;
    } else unbegun += work.estimateMs;
    if (work.place === "sent") sent++;
  }
  validateFree(worker);
  const near = Math.abs(ends - worker.endsMs) < NEAR_MS && Math.abs(unbegun - worker.unbegunMs) < NEAR_MS;
  if (worker.keptFor !== undefined && worker.keptFor.keptAt !== worker) fail(`worker ${number} is kept for others`, 1);
  if (begun !== worker.begun || !near) fail(`worker ${number}: what it does is counted wrongly`, 9);
  if (worker.inputBytes !== 0 || worker.outgoing.length > 0) fail(`worker ${number} has something left over`, 1);
  for (const [of, seat] of worker.seats) {
    if (seat.heapAt >= 0 !== worker.takes(of)) fail(`worker ${number}: a seat is open and should not be, or so`, 1);
    sent -= validateQueue(seat.unbegun);
  }
  if (sent !== 0) fail(`worker ${number}: ${sent} works are sent and in no queue`, 9);
  for (const of of s.classes.values())
    if (of.couldRunOn(worker) !== worker.seats.has(of)) fail(`worker ${number} lacks a seat`, 1);
}

/** How many stand there. */
function validateQueue({ seat, last, count, heapAt }: SeatQueue): number {
  let queued = 0;
  for (let work = last; work !== undefined; work = work.before) {
    if (work.place !== "sent" || work.seat !== seat) fail("a queue has what is not there", 1);
    queued++;
  }
  if (queued !== count || count > 0 !== heapAt >= 0) fail("a queue is counted wrongly", 9);
  return queued;
}

function validateFree(worker: WorkerRow): void {
  for (const [name, capacity] of worker.capacity) {
    let used = 0;
    for (const work of worker.works) used += work.lane.of.amounts.get(name) ?? 0;
    const free = worker.free.get(name) ?? 0;
    if (free < 0 || free !== capacity - used) fail(`worker ${worker.worker} has ${free} of ${name} free`, 10);
  }
}

/** 18: nothing waits that could go. */
function validateClasses(s: PlacementState, kinds: Kinds): void {
  for (const of of s.classes.values()) {
    let eligible = 0;
    for (const worker of s.workers.values()) if (worker.seats.has(of)) eligible++;
    if (eligible !== of.eligible) fail(`${eligible} workers could, ${of.eligible} are counted`, 9);
    const { works, waiting } = kinds.get(of) ?? { works: 0, waiting: 0 };
    if (works !== of.works || waiting !== of.waiting) fail("works of one kind are counted wrongly", 9);
    if ((of.keptAt !== undefined) !== s.kept.has(of) || (of.keptAt !== undefined && of.keptAt.keptFor !== of))
      fail("a worker is kept for works that do not know it", 1);
    if (of.keptAt !== undefined && (waiting === 0 || !of.keptAt.isOpen)) fail("a worker is kept for nothing", 1);
    if (waiting > 0 && idleSeat(of) !== undefined) fail("a work waits though a worker is idle", 18);
  }
}
