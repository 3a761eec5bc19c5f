// Owns: what became of every task run of one run, as columns: state, start, duration; failures and skip reasons, which
//       are rare, by row. Written by the scheduler (or by a client, from changes); read by the same code everywhere.
// Does not own: whether a change is legal, why a task run waits.
// B1. A row without a page has its map's `unmade` state: children exist when they start.
// B2. A sealed page is read-only: all its rows are terminal and hold no value.

import { CHILD_BASE, type NodeId, PAGE_BITS, PAGE_MASK, PAGE_ROWS, type TaskRunId, taskRunId } from "../work/ids.js";
import { STATE, type StateCode } from "../work/kinds.js";
import type { FailureData } from "../work/failure-data.js";
import { grownRows, SealedPage, StatePage } from "./state-page.js";

/** Where a map's children stand. */
export type MapShape = {
  readonly node: NodeId;
  readonly first: TaskRunId;
  readonly width: number;
  /** What the children without a row are: Pending, or how all of them ended at once. */
  unmade: StateCode;
};

export type SkipReason = { readonly raised: boolean; readonly reason: string };

export class StateTable {
  /** Of the run's start: times in the columns count from here. */
  startedAtMs = 0;
  /** Why the run was cancelled, if it was. */
  cancelReason = "the run was cancelled";
  readonly maps = new Map<number, MapShape>();
  readonly failures = new Map<number, FailureData>();
  readonly skips = new Map<number, SkipReason>();
  private readonly nodePages: (StatePage | undefined)[] = [];
  private nodeEnd = 0;
  private readonly childPages: (StatePage | SealedPage | undefined)[] = [];
  private readonly pageMaps: (MapShape | undefined)[] = [];

  /** The task run of a node, or of its child. Undefined: no such child. */
  rowOf(node: NodeId, index?: number): TaskRunId | undefined {
    if (index === undefined) return taskRunId(node);
    const map = this.maps.get(node);
    return map !== undefined && index >= 0 && index < map.width ? taskRunId(map.first + index) : undefined;
  }

  /** The map that a child's row belongs to. */
  mapOfRow(row: number): MapShape | undefined {
    return row < CHILD_BASE ? undefined : this.pageMaps[(row - CHILD_BASE) >>> PAGE_BITS];
  }

  state(row: number): StateCode {
    const page = this.page(row);
    if (page !== undefined) return page.stateAt(row & PAGE_MASK);
    if (this.isDropped(row)) return STATE.Success;
    return this.mapOfRow(row)?.unmade ?? STATE.Pending;
  }

  /** Milliseconds since the epoch, or undefined if it never started. Sealed pages round it. */
  startedAt(row: number): number | undefined {
    const at = this.page(row)?.startedAt(row & PAGE_MASK);
    return at === undefined || Number.isNaN(at) ? undefined : this.startedAtMs + at;
  }

  /** How long its last attempt took. */
  durationMs(row: number): number | undefined {
    const page = this.page(row);
    return page === undefined || this.startedAt(row) === undefined ? undefined : page.durationMs(row & PAGE_MASK);
  }

  setTimes(row: number, startedAtMs: number, durationMs: number): void {
    const page = this.writable(row);
    page.started[row & PAGE_MASK] = startedAtMs - this.startedAtMs;
    page.duration[row & PAGE_MASK] = durationMs;
  }

  /** Of so many rows of one page: what stands in the columns given from `offset` on. */
  setRangeTimes(
    row: number,
    count: number,
    startedAtMs: ArrayLike<number>,
    durationsMs: ArrayLike<number>,
    offset: number,
  ): void {
    const page = this.writable(row);
    const at = row & PAGE_MASK;
    for (let i = 0; i < count; i++) {
      page.started[at + i] = (startedAtMs[offset + i] ?? 0) - this.startedAtMs;
      page.duration[at + i] = durationsMs[offset + i] ?? 0;
    }
  }

  /** The page of a row, made if need be: for writers that keep it at hand. */
  writable(row: number): StatePage {
    const child = row >= CHILD_BASE;
    const number = (child ? row - CHILD_BASE : row) >>> PAGE_BITS;
    const page = child ? this.childPages[number] : this.nodePages[number];
    if (page instanceof StatePage) return page;
    if (page !== undefined) throw new RangeError(`row ${row} stands in a sealed page`);
    return child ? this.makeChildPage(number, row) : this.makeNodePage(number);
  }

  /** Whether the row was ever written; if not, it is what its map's `unmade` says (B1). */
  isMade(row: number): boolean {
    return this.page(row) !== undefined;
  }

  /** So many nodes there are: the last page is no larger than it has to be. */
  expectNodes(end: number): void {
    this.nodeEnd = Math.max(this.nodeEnd, end);
    const last = this.nodePages.length - 1;
    const page = this.nodePages[last];
    const rows = this.rowsOfPage(last);
    if (page !== undefined && page.state.length < rows)
      this.nodePages[last] = page.grown(grownRows(page.state.length, rows));
  }

  /** Announces a map's children; their rows are made when they start. */
  addMap(shape: MapShape): void {
    this.maps.set(shape.node, shape);
    const pages = Math.ceil(shape.width / PAGE_ROWS);
    for (let i = 0; i < pages; i++) this.pageMaps[((shape.first - CHILD_BASE) >>> PAGE_BITS) + i] = shape;
  }

  isSealed(row: number): boolean {
    return this.page(row) instanceof SealedPage;
  }

  /** B2. */
  sealChildPage(number: number): void {
    const page = this.childPages[number];
    if (page instanceof StatePage) this.childPages[number] = new SealedPage(page);
  }

  /** Nobody can ask why the task run ended as it did. */
  forget(row: number): void {
    if (this.failures.size > 0) this.failures.delete(row);
    if (this.skips.size > 0) this.skips.delete(row);
  }

  /** Nor about any child of a map. */
  forgetMap(shape: MapShape): void {
    this.maps.delete(shape.node);
    for (let i = 0, page = (shape.first - CHILD_BASE) >>> PAGE_BITS; i * PAGE_ROWS < shape.width; i++) {
      this.childPages[page + i] = undefined;
      this.pageMaps[page + i] = undefined;
    }
  }

  /** Nobody can ask about any node of this page: what is read of it says no more than that it is over. */
  dropNodePage(number: number): void {
    this.nodePages[number] = undefined;
  }

  private isDropped(row: number): boolean {
    return row < CHILD_BASE && row >>> PAGE_BITS < this.nodePages.length;
  }

  private page(row: number): StatePage | SealedPage | undefined {
    return row < CHILD_BASE ? this.nodePages[row >>> PAGE_BITS] : this.childPages[(row - CHILD_BASE) >>> PAGE_BITS];
  }

  private makeNodePage(number: number): StatePage {
    if (number < this.nodePages.length) throw new RangeError(`page ${number} of nodes was let go`);
    for (let next = this.nodePages.length; next <= number; next++)
      this.nodePages.push(new StatePage(this.rowsOfPage(next), STATE.Pending));
    return this.writable(number << PAGE_BITS);
  }

  private rowsOfPage(number: number): number {
    return Math.min(PAGE_ROWS, this.nodeEnd - number * PAGE_ROWS);
  }

  private makeChildPage(number: number, row: number): StatePage {
    const map = this.pageMaps[number];
    if (map === undefined) throw new RangeError(`row ${row} belongs to no map`);
    const before = CHILD_BASE + number * PAGE_ROWS - map.first;
    const page = new StatePage(Math.min(PAGE_ROWS, map.width - before), map.unmade);
    this.childPages[number] = page;
    return page;
  }
}
