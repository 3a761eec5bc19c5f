// Owns: changes of who holds what, and questions about the inputs of a work. Ranges are read a page at a time: by the sums of
// the page where the range is all that it has, else by its rows.

import type { ValueRange } from "@millrace/core/pure";
import { RangeList } from "./range-list.js";
import type { RunRow } from "./run-row.js";
import { type PlacementState, rangesOf } from "./state.js";
import { PAGE_BITS, PAGE_MASK, PAGE_ROWS, ValuePage } from "./value-page.js";
import type { WorkerRow } from "./worker-row.js";

/** The rows of a range, a page at a time. */
function* slices({ first, count }: ValueRange): Generator<{ number: number; base: number; from: number; end: number }> {
  for (let at = first; at < first + count; ) {
    const from = at & PAGE_MASK;
    const end = Math.min(PAGE_ROWS, from + first + count - at);
    yield { number: at >>> PAGE_BITS, base: at - from, from, end };
    at += end - from;
  }
}

export function addValue(
  s: PlacementState,
  run: RunRow,
  taskRun: number,
  attempt: number,
  bytes: number,
  worker: WorkerRow,
): void {
  const number = taskRun >>> PAGE_BITS;
  let page = run.pages.get(number);
  if (page === undefined) {
    page = new ValuePage();
    run.pages.set(number, page);
  }
  const row = taskRun & PAGE_MASK;
  if (page.isHeld(row)) {
    const known = page.attempts[row] ?? 0;
    if (known === attempt) return page.addHolder(row, worker, s.rows);
    if (known > attempt) return dropAt(s, run, taskRun, attempt, worker);
    releaseRow(s, run, page, taskRun);
  }
  page.add(row, attempt, bytes, worker);
}

/** A copy that a worker fetched. What nobody is known to hold was released while it was on its way. */
export function addCopies(s: PlacementState, run: RunRow, range: ValueRange, worker: WorkerRow): void {
  for (const { number, base, from, end } of slices(range)) {
    const page = run.pages.get(number);
    for (let row = from; row < end; row++) {
      if (page?.has(row, range.attempt) === true) page.addHolder(row, worker, s.rows);
      else dropAt(s, run, base + row, range.attempt, worker);
    }
  }
}

export function removeCopies(s: PlacementState, run: RunRow, range: ValueRange, worker: WorkerRow): void {
  for (const { number, base, from, end } of slices(range)) {
    const page = run.pages.get(number);
    for (let row = from; row < end && page !== undefined; row++) {
      if (!page.has(row, range.attempt) || !page.removeHolder(row, worker)) continue;
      rangesOf(s.lost, run).add(base + row, range.attempt);
    }
    if (page?.count === 0) run.pages.delete(number);
  }
}

export function removeAllOf(s: PlacementState, worker: WorkerRow): void {
  for (const run of s.runs.values()) {
    for (const [number, page] of run.pages) {
      if (!page.shares.has(worker)) continue;
      for (let row = page.low; row < page.high; row++) {
        const attempt = page.attempts[row] ?? 0;
        if (page.removeHolder(row, worker)) rangesOf(s.lost, run).add(number * PAGE_ROWS + row, attempt);
      }
      if (page.count === 0) run.pages.delete(number);
    }
  }
}

export function releaseRange(s: PlacementState, run: RunRow, range: ValueRange): void {
  for (const { number, base, from, end } of slices(range)) {
    const page = run.pages.get(number);
    if (page === undefined) continue;
    for (let row = from; row < Math.min(end, page.high); row++) {
      if (page.has(row, range.attempt)) releaseRow(s, run, page, base + row);
    }
    if (page.count === 0) run.pages.delete(number);
  }
}

export function releaseAll(s: PlacementState, run: RunRow): void {
  for (const [number, page] of run.pages) {
    for (let row = page.low; row < page.high; row++)
      if (page.isHeld(row)) releaseRow(s, run, page, number * PAGE_ROWS + row);
  }
  run.pages.clear();
}

function releaseRow(s: PlacementState, run: RunRow, page: ValuePage, taskRun: number): void {
  const row = taskRun & PAGE_MASK;
  const attempt = page.attempts[row] ?? 0;
  for (const worker of page.holdersOf(row, s.rows)) {
    page.removeHolder(row, worker);
    dropAt(s, run, taskRun, attempt, worker);
  }
}

export function dropAt(s: PlacementState, run: RunRow, taskRun: number, attempt: number, worker: WorkerRow): void {
  rangesOf(worker.drops, run).add(taskRun, attempt);
  s.dropping.add(worker);
}

/** Adds to `inputBytes` of the workers that hold some, which come into `holders`. The sum, or -1 where one is missing. */
export function weighInputs(
  s: PlacementState,
  run: RunRow,
  inputs: readonly ValueRange[],
  holders: WorkerRow[],
): number {
  let total = 0;
  for (const range of inputs) {
    if (range.count === 1) {
      // Mostly: a value by itself.
      const page = run.pages.get(range.first >>> PAGE_BITS);
      const row = range.first & PAGE_MASK;
      const bytes = page === undefined ? -1 : weighRow(s, page, row, range.attempt, holders);
      if (bytes < 0) return -1;
      total += bytes;
      continue;
    }
    for (const { number, from, end } of slices(range)) {
      const page = run.pages.get(number);
      const bytes = page === undefined ? -1 : weighSlice(s, page, from, end, range.attempt, holders);
      if (bytes < 0) return -1;
      total += bytes;
    }
  }
  return total;
}

function weighSlice(
  s: PlacementState,
  page: ValuePage,
  from: number,
  end: number,
  attempt: number,
  holders: WorkerRow[],
): number {
  if (page.isExactly(from, end, attempt)) {
    for (const [worker, share] of page.shares) weigh(worker, share.bytes, holders);
    return page.totalBytes;
  }
  let total = 0;
  for (let row = from; row < end; row++) {
    const bytes = weighRow(s, page, row, attempt, holders);
    if (bytes < 0) return -1;
    total += bytes;
  }
  return total;
}

function weighRow(s: PlacementState, page: ValuePage, row: number, attempt: number, holders: WorkerRow[]): number {
  if (!page.has(row, attempt)) return -1;
  const bytes = page.bytes[row] ?? 0;
  const only = page.onlyHolder(row, s.rows);
  if (only !== undefined) weigh(only, bytes, holders);
  else for (const worker of page.holdersOf(row, s.rows)) weigh(worker, bytes, holders);
  return bytes;
}

/** A value of no bytes counts a little, so that who has it is known as a holder. */
function weigh(worker: WorkerRow, bytes: number, holders: WorkerRow[]): void {
  if (worker.inputBytes === 0) holders.push(worker);
  worker.inputBytes += Math.max(bytes, Number.MIN_VALUE);
}

export function missingOf(run: RunRow, inputs: readonly ValueRange[]): readonly ValueRange[] {
  const missing = new RangeList();
  for (const range of inputs) {
    for (const { number, base, from, end } of slices(range)) {
      const page = run.pages.get(number);
      if (page?.isExactly(from, end, range.attempt) === true) continue;
      for (let row = from; row < end; row++)
        if (page?.has(row, range.attempt) !== true) missing.add(base + row, range.attempt);
    }
  }
  return missing.take();
}

/** `placesOf`, of what many may hold once an event: sending changes no places, and all works that read it share the list. */
export function knownPlacesOf(s: PlacementState, run: RunRow, range: ValueRange): readonly number[] {
  const only = range.count === 1 ? onlyHolderOf(s, run, range.first) : undefined;
  if (only !== undefined) return [range.first, 1, only.worker];
  const key = `${run.run}/${range.first}/${range.count}/${range.attempt}`;
  const known = s.places.get(key);
  if (known !== undefined) return known;
  const places = placesOf(s, run, range);
  s.places.set(key, places);
  return places;
}

const onlyHolderOf = (s: PlacementState, run: RunRow, taskRun: number): WorkerRow | undefined =>
  run.pages.get(taskRun >>> PAGE_BITS)?.onlyHolder(taskRun & PAGE_MASK, s.rows);

/** Triples of first, count, worker: neighbours at one worker are one triple. */
export function placesOf(s: PlacementState, run: RunRow, range: ValueRange): readonly number[] {
  const places: number[] = [];
  for (const { number, base, from, end } of slices(range)) {
    const page = run.pages.get(number);
    if (page === undefined) continue;
    for (let row = from; row < end; row++) {
      const only = page.onlyHolder(row, s.rows);
      if (only !== undefined) addPlace(places, base + row, only);
      else for (const worker of page.holdersOf(row, s.rows)) places.push(base + row, 1, worker.worker);
    }
  }
  return places;
}

function addPlace(places: number[], taskRun: number, { worker }: WorkerRow): void {
  const at = places.length - 3;
  const [first = 0, count = 0, before] = at < 0 ? [] : [places[at], places[at + 1], places[at + 2]];
  if (before === worker && first + count === taskRun) places[at + 1] = count + 1;
  else places.push(taskRun, 1, worker);
}
