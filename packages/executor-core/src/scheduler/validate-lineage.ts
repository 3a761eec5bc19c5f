// Owns: the same for what is lost and made again (`lineage`): the invariants G1 to G3 of its head.

import { STATE } from "../work/kinds.js";
import { CHILD_BASE } from "../work/ids.js";
import type { Waiter } from "./lineage.js";
import type { RunState } from "./run-state.js";

type Fail = (s: RunState, row: number, what: string, invariant: number) => never;

/** How many remakes are under way. */
export function validateLineage(s: RunState, fail: Fail): number {
  const { lost, gone, remakes, ready, waits } = s.lineage;
  for (const row of lost) if (s.table.state(row) !== STATE.Success) fail(s, row, "is lost and has no value", 5);
  for (const row of gone.keys()) if (!lost.has(row)) fail(s, row, "is gone for good and not lost", 8);
  let open = 0;
  const queued = new Set(ready);
  const waiting = new Map<Waiter, number>();
  for (const [row, { attempt, waiters, holding }] of remakes) {
    if (!lost.has(row)) fail(s, row, "is made again and not lost", 5);
    for (const waiter of waiters) waiting.set(waiter, (waiting.get(waiter) ?? 0) + 1);
    if (attempt > 0) open++;
    else if (holding && s.cancelReason === undefined && !waits.has(row) && !queued.has(row))
      fail(s, row, "is made again, and neither sent nor queued nor waiting", 18);
  }
  for (const [waiter, count] of waits) {
    if ((waiting.get(waiter) ?? 0) < count) fail(s, -1, "something waits for values that nobody makes", 18);
    if (typeof waiter !== "number" || remakes.has(waiter)) continue;
    const map = waiter < CHILD_BASE ? s.maps.get(waiter) : undefined;
    if (map !== undefined && !map.waiting) fail(s, waiter, "waits as a whole and does not know it", 18);
  }
  return open;
}
