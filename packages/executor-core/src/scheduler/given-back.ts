// Owns: what is heard of values that are gone: with a work or a question that came back, or as a hint.
// G1. Names are exact. What names the attempt that made the current value marks that value lost; anything else is stale, and
//     marks nothing: whoever brought it is just sent again.
// G2. What is marked is let go by its name: a copy that was there all the same is left nowhere.
// G3. What was put from outside is never lost.

import type { ValueRange } from "../work/ask.js";
import { CHILD_BASE } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import { RunnerFault } from "../work/runner-fault.js";
import { isRowReleased } from "./value-lifetime.js";
import type { RunState } from "./run-state.js";

export function markLost(s: RunState, values: readonly ValueRange[]): void {
  for (const { first, count, attempt } of values) {
    if (attempt === 0) throw new RunnerFault(`the runner lost the value of ${first}, which was put from outside`);
    if (!s.lineage.on) throw new RunnerFault("the runner lost a value, and its capabilities do not say that it may");
    const rows = Math.min(count, rowsFrom(s, first));
    for (let row = first; row < first + rows; row++) markRow(s, row, attempt);
  }
}

/** So many rows there are from `first` on, in one map or among the nodes. */
function rowsFrom(s: RunState, first: number): number {
  if (first < CHILD_BASE) return Math.max(0, s.read - first);
  const map = s.table.mapOfRow(first);
  return map === undefined ? 0 : map.first + map.width - first;
}

function markRow(s: RunState, row: number, attempt: number): void {
  const { lost } = s.lineage;
  if (s.isDropped(row) || s.table.state(row) !== STATE.Success || lost.has(row)) return;
  if (s.attempt(row) !== attempt || isRowReleased(s, row)) return;
  addLostRow(s, row);
  s.releases.add(row, attempt);
}

/** The row's value is nowhere. */
export function addLostRow(s: RunState, row: number): void {
  s.lineage.lost.add(row);
  s.lineage.losses++;
}
