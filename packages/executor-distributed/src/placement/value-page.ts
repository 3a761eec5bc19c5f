// Owns: 4,096 task runs' values of one run: who holds them, and how many bytes they have, in columns and by worker.
// P1. A value is here if and only if somebody holds it.
// P2. Of a task run only the newest attempt's value is here: an older one has been lost for those who remade it.

import type { WorkerRow } from "./worker-row.js";

export const PAGE_BITS = 12;
export const PAGE_ROWS = 1 << PAGE_BITS;
export const PAGE_MASK = PAGE_ROWS - 1;
const ROWS_MIN = 64;

/** In `holders`: nobody, or several, who stand in `several`; else the row of the one worker. */
export const NOBODY = 0;
const SEVERAL = -1;

/** What one worker holds of a page. */
export type Share = { count: number; bytes: number };

export class ValuePage {
  attempts = new Uint32Array(ROWS_MIN);
  bytes = new Float64Array(ROWS_MIN);
  holders = new Int32Array(ROWS_MIN);
  readonly several = new Map<number, WorkerRow[]>();
  readonly shares = new Map<WorkerRow, Share>();
  count = 0;
  /** Of those that are here: attempts are 1 (mostly), so that a whole page is known by its count. */
  firsts = 0;
  totalBytes = 0;
  /** All that ever were here lie between these. */
  low = PAGE_ROWS;
  high = 0;

  isHeld(row: number): boolean {
    return row < this.high && (this.holders[row] ?? NOBODY) !== NOBODY;
  }

  has(row: number, attempt: number): boolean {
    return this.isHeld(row) && this.attempts[row] === attempt;
  }

  /** All rows from `from` to `end` are held, at attempt 1, and no others: the shares are theirs. */
  isExactly(from: number, end: number, attempt: number): boolean {
    if (attempt !== 1 || this.count !== end - from || this.firsts !== this.count) return false;
    return this.low >= from && this.high <= end;
  }

  *holdersOf(row: number, rows: readonly (WorkerRow | undefined)[]): Generator<WorkerRow> {
    const holder = this.holders[row] ?? NOBODY;
    if (holder === SEVERAL) yield* this.several.get(row) ?? [];
    else if (holder !== NOBODY) {
      const worker = rows[holder];
      if (worker !== undefined) yield worker;
    }
  }

  /** The one that holds it, or undefined where there are several or none. */
  onlyHolder(row: number, rows: readonly (WorkerRow | undefined)[]): WorkerRow | undefined {
    const holder = this.holders[row] ?? NOBODY;
    return holder > 0 ? rows[holder] : undefined;
  }

  isHeldBy(row: number, worker: WorkerRow): boolean {
    const holder = this.holders[row] ?? NOBODY;
    return holder === worker.at || (holder === SEVERAL && (this.several.get(row)?.includes(worker) ?? false));
  }

  /** Its first holder: the value is new here. */
  add(row: number, attempt: number, bytes: number, worker: WorkerRow): void {
    this.reserve(row);
    this.attempts[row] = attempt;
    this.bytes[row] = bytes;
    this.holders[row] = worker.at;
    this.count++;
    if (attempt === 1) this.firsts++;
    this.totalBytes += bytes;
    this.note(worker, 1, bytes);
  }

  addHolder(row: number, worker: WorkerRow, rows: readonly (WorkerRow | undefined)[]): void {
    if (this.isHeldBy(row, worker)) return;
    this.several.set(row, [...this.holdersOf(row, rows), worker]);
    this.holders[row] = SEVERAL;
    this.note(worker, 1, this.bytes[row] ?? 0);
  }

  /** True: nobody holds it any more. */
  removeHolder(row: number, worker: WorkerRow): boolean {
    if (!this.isHeldBy(row, worker)) return false;
    const bytes = this.bytes[row] ?? 0;
    this.note(worker, -1, -bytes);
    const left = this.several.get(row)?.filter((other) => other !== worker) ?? [];
    const [first, ...more] = left;
    if (first !== undefined) {
      if (more.length > 0) this.several.set(row, left);
      else {
        this.several.delete(row);
        this.holders[row] = first.at;
      }
      return false;
    }
    this.holders[row] = NOBODY;
    this.count--;
    if (this.attempts[row] === 1) this.firsts--;
    this.totalBytes -= bytes;
    return true;
  }

  private note(worker: WorkerRow, count: number, bytes: number): void {
    worker.storedBytes += bytes;
    worker.storedCount += count;
    let share = this.shares.get(worker);
    if (share === undefined) {
      share = { count: 0, bytes: 0 };
      this.shares.set(worker, share);
    }
    share.count += count;
    share.bytes += bytes;
    if (share.count === 0) this.shares.delete(worker);
  }

  private reserve(row: number): void {
    this.low = Math.min(this.low, row);
    this.high = Math.max(this.high, row + 1);
    if (row < this.holders.length) return;
    let size = this.holders.length;
    while (size <= row) size *= 2;
    const { attempts, bytes, holders } = this;
    this.attempts = new Uint32Array(size);
    this.attempts.set(attempts);
    this.bytes = new Float64Array(size);
    this.bytes.set(bytes);
    this.holders = new Int32Array(size);
    this.holders.set(holders);
  }
}
