// Owns: deriving again all that a worker keeps as counters and tables. For tests: it looks at everything. Throws `INTERNAL` with the
// first thing that does not agree. The numbers are those of the invariants in `docs/STATES.md`.

import { InternalError } from "@millrace/core/pure";
import type { AskRow, RunAtWorker, WorkRow } from "./run-at-worker.js";
import { REQUESTS_MAX, type Transfers } from "./transfers.js";
import type { WorkerState } from "./worker-state.js";

type Wisher = WorkRow | AskRow;

export function validateWorker(s: WorkerState): void {
  let [ready, running, wants] = [0, 0, 0];
  for (const run of s.runs.values()) {
    if (run.isEmpty) fail("a run is kept of which nothing is here", 15);
    for (const row of run.works.values()) {
      if (row.state === "ready") ready++;
      if (row.state === "running") running++;
      if ((row.state === "fetching") !== row.wants.size > 0)
        fail("a work waits for nothing, or goes on without an input", 1);
      wants += row.wants.size;
    }
    for (const row of run.asks.values()) {
      if (row.wants.size === 0) fail("a question waits for nothing", 18);
      wants += row.wants.size;
    }
    validateRun(run, s.transfers);
  }
  if (ready !== s.ready.size) fail(`${ready} works are ready, ${s.ready.size} stand in line`, 9);
  // What goes on of a run that was dropped has no row, and keeps its slot.
  const { slots } = s.options;
  if (running > s.running || s.running > slots) fail(`${running} works run, ${s.running} are counted`, 9);
  if (ready > 0 && s.running < slots && s.level !== "paused") fail("a work is ready, and a slot is free", 18);
  validateTransfers(s.transfers, wants);
}

/** Texts are made of what has failed, and of nothing else: this is looked at after every event. */
function fail(what: string, invariant: number): never {
  throw new InternalError(`invariant ${invariant}: ${what}`);
}

function validateRun(run: RunAtWorker, transfers: Transfers<Wisher>): void {
  const readers = new Map<number, number>();
  for (const rows of [run.works, run.asks])
    for (const row of rows.values()) {
      validateReads(run, row, transfers);
      for (const key of row.reads) readers.set(key, (readers.get(key) ?? 0) + 1);
    }
  if (readers.size !== run.readers.size) fail(`${readers.size} values are read, ${run.readers.size} are counted`, 9);
  for (const [key, count] of readers)
    if (run.readers.get(key) !== count) fail(`${count} read a value, ${run.readers.get(key)} are counted`, 9);
  for (const key of run.released) if (!readers.has(key)) fail("a value that was released is kept for nobody", 15);
  for (const key of run.held.keys()) if (transfers.isUnderWay(run.id, key)) fail("a value is here and under way", 5);
}

/** Each input is here, or waited for. */
function validateReads(run: RunAtWorker, row: Wisher, { runs }: Transfers<Wisher>): void {
  let wants = 0;
  for (const key of row.reads) {
    const isWanted = row.wants.has(key);
    if (isWanted === run.held.has(key)) fail("an input is here and waited for, or neither", 5);
    if (!isWanted) continue;
    wants++;
    if (runs.get(run.id)?.byKey.get(key)?.wishers.has(row) !== true)
      fail("an input is waited for, and not asked for", 18);
  }
  if (wants !== row.wants.size) fail("what is not read is waited for", 1);
}

/** `wants`: of all rows; each has a transfer. */
function validateTransfers({ runs, requests, waiting, lost }: Transfers<Wisher>, wants: number): void {
  let [wishers, asked, inLine] = [0, 0, 0];
  for (const { byKey } of runs.values()) {
    if (byKey.size === 0) fail("transfers of a run are kept, and there are none", 15);
    for (const { key, request, group, wishers: of } of byKey.values()) {
      if (of.size === 0) fail("what nobody waits for is under way", 15);
      wishers += of.size;
      if (request > 0) asked++;
      else inLine++;
      const isAsked = requests.get(request)?.keys.has(key) === true;
      if (isAsked !== request > 0 || isAsked !== (group === undefined)) fail("a transfer is in two places, or none", 1);
    }
  }
  if (wishers !== wants) fail(`${wants} inputs are waited for, ${wishers} are known`, 9);
  for (const { keys } of requests.values()) {
    if (keys.size === 0) fail("a request is for nothing", 15);
    asked -= keys.size;
  }
  for (const { transfers } of waiting) inLine -= transfers.size;
  if (asked !== 0 || inLine !== 0) fail("a request, or what waits to be asked for, is no transfer", 1);
  if (requests.size > REQUESTS_MAX) fail(`${requests.size} requests are open`, 10);
  if (lost.size > 0 || (waiting.size > 0 && requests.size < REQUESTS_MAX)) fail("a transfer waits for nothing", 18);
}
