// Owns: who holds a value, of what one message told: asked once for each of its inputs that is not here.
// H1. Holders of a value come in the order in which they were told, whatever is asked.

import type { Holding } from "../../protocol/ranges.js";
import { rangeOfKey } from "./names.js";

type Row = Holding & { readonly order: number /** Of this row and of those before it. */; endMax: number };

export class HolderIndex {
  private readonly told: readonly Holding[];
  /** By attempt, then by the first value; made when it is asked for. */
  private rows: Row[] | undefined;

  constructor(told: readonly Holding[]) {
    this.told = told;
  }

  of(key: number): readonly number[] {
    const { first, attempt } = rangeOfKey(key);
    const rows = (this.rows ??= sorted(this.told));
    const found: Row[] = [];
    for (let at = lastUpTo(rows, first, attempt); at >= 0; at--) {
      const row = rows[at];
      if (row === undefined || row.attempt !== attempt || row.endMax <= first) break;
      if (row.first + row.count > first) found.push(row);
    }
    return found.sort((a, b) => a.order - b.order).map(({ worker }) => worker);
  }
}

function sorted(told: readonly Holding[]): Row[] {
  const rows = told.map((holding, order) => ({ ...holding, order, endMax: holding.first + holding.count }));
  rows.sort((a, b) => a.attempt - b.attempt || a.first - b.first);
  let before: Row | undefined;
  for (const row of rows) {
    if (before?.attempt === row.attempt) row.endMax = Math.max(row.endMax, before.endMax);
    before = row;
  }
  return rows;
}

/** The place of the last row that begins at this value or before it, -1 if there is none. */
function lastUpTo(rows: readonly Row[], first: number, attempt: number): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const row = rows[middle];
    if (row !== undefined && (row.attempt < attempt || (row.attempt === attempt && row.first <= first)))
      low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
