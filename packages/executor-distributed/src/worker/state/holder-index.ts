// Owns: who holds a value, of what one message told: asked once for each of its inputs that is not here.
// H1. Holders of a value come in the order in which they were told, whatever is asked.

import type { ValueRange } from "@millrace/core/pure";
import type { Holding } from "../../protocol/ranges.js";
import { firstPlace } from "./first-place.js";
import { rangeOfKey } from "./names.js";

type Row = Holding & {
  readonly order: number;
  /** Of this row and of those of its attempt before it. */
  endMax: number;
};

export class HolderIndex {
  private readonly told: readonly Holding[];
  /** Made when it is asked for. */
  private rows: Row[] | undefined;
  /** What was asked: works of one message may all read the same. */
  private readonly known = new Map<number, readonly number[]>();

  constructor(told: readonly Holding[]) {
    this.told = told;
  }

  of(key: number): readonly number[] {
    let holders = this.known.get(key);
    if (holders === undefined) {
      holders = this.find(key);
      this.known.set(key, holders);
    }
    return holders;
  }

  private find(key: number): readonly number[] {
    const value = rangeOfKey(key);
    const { first } = value;
    const rows = (this.rows ??= sorted(this.told));
    const behind = firstPlace(rows.length, (at) => compare(rows[at] ?? value, value) > 0);
    const found: Row[] = [];
    for (let at = behind - 1; at >= 0; at--) {
      const row = rows[at];
      if (row?.attempt !== value.attempt || row.endMax <= first) break;
      if (row.first + row.count > first) found.push(row);
    }
    return found.sort((a, b) => a.order - b.order).map(({ worker }) => worker);
  }
}

function sorted(told: readonly Holding[]): Row[] {
  const rows = told.map((holding, order) => ({ ...holding, order, endMax: holding.first + holding.count }));
  rows.sort(compare);
  let before: Row | undefined;
  for (const row of rows) {
    if (before?.attempt === row.attempt) row.endMax = Math.max(row.endMax, before.endMax);
    before = row;
  }
  return rows;
}

/** By attempt, then by the first value. */
const compare = (a: ValueRange, b: ValueRange): number => a.attempt - b.attempt || a.first - b.first;
