// Owns: wanting values that are lost. Whoever wants one waits for it; making it begins from the agenda.
// W1. One remake a value, however many want it.

import type { Remake, Waiter } from "./lineage.js";
import type { RunState } from "./run-state.js";

/** `rows` are lost: the waiter is resumed when all of them are there, and fails with the first that never will be. */
export function waitFor(s: RunState, waiter: Waiter, rows: ReadonlySet<number>): void {
  s.lineage.waits.set(waiter, rows.size);
  if (typeof waiter === "number") s.noteStory(waiter, "inputLost");
  for (const row of rows) want(s, row).waiters.push(waiter);
}

function want(s: RunState, row: number): Remake {
  const { remakes } = s.lineage;
  const known = remakes.get(row);
  if (known !== undefined) return known;
  const remake: Remake = { row, holding: false, attempt: 0, deaths: [], waiters: [] };
  remakes.set(row, remake);
  s.agenda.remakes.push(row);
  return remake;
}
