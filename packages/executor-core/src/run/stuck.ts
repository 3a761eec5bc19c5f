// Owns: what a run fails with that can make no more progress.

import { MillraceError } from "../work/millrace-error.js";

/** `waits`: sentences that say what waits for what; `more`: so many task runs beside these have not ended. */
export class Stuck extends MillraceError {
  readonly waits: readonly string[];
  readonly more: number;

  constructor(waits: readonly string[], more: number) {
    const others = more === 0 ? "" : `; and ${more} more`;
    super(
      "STUCK",
      `the run can make no more progress: nothing is under way, and ${waits.join("; ")}${others} (this is a bug in Millrace: please report it with the flow that led here)`,
    );
    this.waits = waits;
    this.more = more;
  }
}
