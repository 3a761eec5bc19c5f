// Owns: deriving again all that the placement keeps as indexes and sums. For tests: it looks at everything. Throws `INTERNAL`
// with the first thing that does not agree. The numbers are those of the invariants in `docs/STATES.md`.

import { InternalError } from "@millrace/core/pure";
import { idleSeat } from "./choosing.js";
import type { RunRow } from "./run-row.js";
import type { PlacementState } from "./state.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** Sums of times are not exact. */
const NEAR_MS = 1;

export function validatePlacement(s: PlacementState): void {
  const stored = new Map<WorkerRow, { bytes: number; count: number }>();
  let [waiting, recalled, atWorkers] = [0, 0, 0];
  for (const run of s.runs.values()) {
    for (const work of run.works.values()) {
      validateWork(work, s);
      if (work.place === "waiting" && work.lane.of !== s.plain) waiting++;
      if (work.place === "recalled") recalled++;
    }
    atWorkers += validateRun(s, run);
    validateValues(s, run, stored);
  }
  check(waiting === s.waitingForNeeds, `${waiting} wait for needs, ${s.waitingForNeeds} are counted`, 9);
  check(recalled === s.recalled, `${recalled} are asked back, ${s.recalled} are counted`, 9);
  let [works, slots, open, idle] = [0, 0, 0, 0];
  for (const worker of [...s.workers.values(), s.store]) {
    const { bytes, count } = stored.get(worker) ?? { bytes: 0, count: 0 };
    check(bytes === worker.storedBytes && count === worker.storedCount, `worker ${worker.worker}: stored is wrong`, 5);
    if (worker === s.store) continue;
    validateWorker(s, worker);
    works += worker.works.size;
    if (!worker.isOpen) continue;
    slots += worker.slots;
    idle += Math.max(0, worker.slots - worker.works.size);
    open++;
  }
  check(works === atWorkers, `${atWorkers} works are sent, workers have ${works}`, 4);
  check(slots === s.slots && open === s.openWorkers && idle === s.idleSlots, "slots are counted wrongly", 9);
  validateClasses(s);
}

function check(holds: boolean, what: string, invariant: number): void {
  if (!holds) throw new InternalError(`invariant ${invariant}: ${what}`);
}

function validateWork(work: WorkRow, s: PlacementState): void {
  const named = JSON.stringify(work.name);
  const isWaiting = work.place === "waiting";
  check(isWaiting === work.heapAt >= 0 && isWaiting === (work.seat === undefined), `${named} is in two places`, 1);
  const worker = work.seat?.worker;
  if (worker === undefined) return;
  check(worker.works.has(work) && s.workers.get(worker.worker) === worker, `${named} is not where it was sent`, 4);
}

function validateRun(s: PlacementState, run: RunRow): number {
  const sent = [...run.works.values()].filter((work) => work.seat !== undefined).length;
  check(sent === run.sent, `run ${run.run}: ${sent} works are sent, ${run.sent} are counted`, 9);
  for (const lane of run.lanes) {
    check(lane.heapAt >= 0 === lane.works.size > 0 && lane.key === run.sent, `run ${run.run}: a lane is wrong`, 1);
    check(s.classes.get(lane.of.key) === lane.of, `run ${run.run}: a lane's needs are forgotten`, 1);
  }
  return sent;
}

function validateValues(
  s: PlacementState,
  run: RunRow,
  stored: Map<WorkerRow, { bytes: number; count: number }>,
): void {
  for (const page of run.pages.values()) {
    let [count, firsts, total] = [0, 0, 0];
    const shares = new Map<WorkerRow, { bytes: number; count: number }>();
    for (let row = 0; row < page.holders.length; row++) {
      const holders = [...page.holdersOf(row, s.rows)];
      if (holders.length === 0) continue;
      count++;
      total += page.bytes[row] ?? 0;
      if (page.attempts[row] === 1) firsts++;
      check(row >= page.low && row < page.high, "a value lies outside of its page's marks", 5);
      for (const worker of holders) {
        add(shares, worker, page.bytes[row] ?? 0);
        add(stored, worker, page.bytes[row] ?? 0);
      }
    }
    check(count > 0 && count === page.count && firsts === page.firsts, `a page has ${count} values`, 9);
    check(total === page.totalBytes && shares.size === page.shares.size, "a page's sums are wrong", 9);
    for (const [worker, { bytes, count: held }] of shares) {
      const share = page.shares.get(worker);
      check(share?.bytes === bytes && share.count === held, `a page's share of worker ${worker.worker} is wrong`, 5);
    }
  }
}

function add(sums: Map<WorkerRow, { bytes: number; count: number }>, worker: WorkerRow, bytes: number): void {
  const sum = sums.get(worker) ?? { bytes: 0, count: 0 };
  sums.set(worker, { bytes: sum.bytes + bytes, count: sum.count + 1 });
}

function validateWorker(s: PlacementState, worker: WorkerRow): void {
  const used = new Map<string, number>();
  let [begun, ends, unbegun] = [0, 0, 0];
  for (const work of worker.works) {
    for (const [name, amount] of work.lane.of.amounts) used.set(name, (used.get(name) ?? 0) + amount);
    if (work.place === "begun") {
      begun++;
      ends += work.begunAtMs + work.estimateMs;
    } else unbegun += work.estimateMs;
  }
  for (const [name, amount] of worker.capacity) {
    const free = worker.free.get(name) ?? 0;
    check(
      free >= 0 && free === amount - (used.get(name) ?? 0),
      `worker ${worker.worker} has ${free} of ${name} free`,
      10,
    );
  }
  const near = Math.abs(ends - worker.endsMs) < NEAR_MS && Math.abs(unbegun - worker.unbegunMs) < NEAR_MS;
  check(begun === worker.begun && near, `worker ${worker.worker}: what it does is counted wrongly`, 9);
  check(worker.inputBytes === 0 && worker.outgoing.length === 0, `worker ${worker.worker} has something left over`, 1);
  for (const [of, seat] of worker.seats) {
    check(seat.heapAt >= 0 === worker.takes(of), `worker ${worker.worker}: a seat is open and should not be, or so`, 1);
    const sent = [...worker.works].filter((work) => work.place === "sent" && work.lane.of === of).length;
    check(sent === seat.unbegun.count && sent > 0 === seat.unbegun.heapAt >= 0, "a queue is counted wrongly", 9);
  }
  for (const of of s.classes.values())
    check(of.couldRunOn(worker) === worker.seats.has(of), `worker ${worker.worker} lacks a seat`, 1);
}

/** 18: nothing waits that could go. */
function validateClasses(s: PlacementState): void {
  for (const of of s.classes.values()) {
    const eligible = [...s.workers.values()].filter((worker) => worker.seats.has(of)).length;
    check(eligible === of.eligible, `${eligible} workers could, ${of.eligible} are counted`, 9);
    const works = [...s.runs.values()].flatMap((run) => [...run.works.values()]).filter((work) => work.lane.of === of);
    const waiting = works.filter((work) => work.place === "waiting").length;
    check(works.length === of.works && waiting === of.waiting, "works of one kind are counted wrongly", 9);
    check(waiting === 0 || idleSeat(of) === undefined, "a work waits though a worker is idle", 18);
  }
}
