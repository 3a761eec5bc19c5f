// Owns: the one table of legal transitions of a task run (STATE-6), and what is thrown at an illegal one.
// Does not own: carrying them out.

import { InternalError } from "../work/millrace-error.js";
import { STATE, type StateCode, type StateName, stateName } from "../work/kinds.js";

/**
 * Structure and mapped nodes go from Pending to their end at once: they have no attempt. Looped goes to Pending: the
 * next iteration starts as a fresh try (LOOP-1). A rerun of the same attempt is no transition.
 */
const LEGAL: Readonly<Record<StateName, readonly StateName[]>> = {
  Pending: ["Running", "Success", "Mapped", "Skipped", "Failed", "TriggerFailed", "Cancelled"],
  Running: ["Success", "Skipped", "Failed", "TimedOut", "Retrying", "Looped", "Cancelled"],
  Retrying: ["Running", "Failed", "Cancelled"],
  Looped: ["Pending"],
  Success: [],
  Mapped: [],
  Skipped: [],
  Failed: [],
  TriggerFailed: [],
  Cancelled: [],
  TimedOut: [],
};

/** Bit `to` of word `from`. */
const MASKS = new Uint16Array(Object.keys(STATE).length);
for (const from of Object.values(STATE)) {
  for (const to of LEGAL[stateName(from)]) MASKS[from] = (MASKS[from] ?? 0) | (1 << STATE[to]);
}

export const isLegal = (from: StateCode | number, to: StateCode): boolean => ((MASKS[from] ?? 0) & (1 << to)) !== 0;

export class IllegalTransition extends InternalError {
  constructor(slug: string, from: number, to: number, story: readonly string[]) {
    const recent = story.length === 0 ? "none recorded" : story.join(", ");
    super(`${slug} cannot go from ${stateName(from)} to ${stateName(to)}; its recent story: ${recent}`);
  }
}
