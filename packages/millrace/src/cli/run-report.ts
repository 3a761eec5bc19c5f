// Owns: what there is to tell of a finished run.
// R1. A run may have a million task runs: each is looked at once, however many parts of the output tell of it, and only if
//     one does.

import type { FinishedRun, StateRow } from "@millrace/core";
import { type TaskFailure, taskFailures } from "./task-failures.js";

type Outcome = { readonly value: unknown } | { readonly error: unknown };

export class RunReport {
  readonly flow: string;
  readonly run: FinishedRun<unknown>;
  private knownTable: readonly StateRow[] | undefined;
  private knownFailures: readonly TaskFailure[] | undefined;
  private knownOutcome: Outcome | undefined;

  constructor(flow: string, run: FinishedRun<unknown>) {
    this.flow = flow;
    this.run = run;
  }

  get table(): readonly StateRow[] {
    this.knownTable ??= this.run.states.table();
    return this.knownTable;
  }

  get failures(): readonly TaskFailure[] {
    this.knownFailures ??= taskFailures(this.run, this.table);
    return this.knownFailures;
  }

  /** What the flow returned, or why it gave nothing. */
  get outcome(): Outcome {
    this.knownOutcome ??= outcomeOf(this.run);
    return this.knownOutcome;
  }

  /** All tasks of a run may have done well, and still a skipped one was to give the value. */
  get hasValue(): boolean {
    return this.run.state === "Success" && "value" in this.outcome;
  }
}

function outcomeOf(run: FinishedRun<unknown>): Outcome {
  try {
    return { value: run.value };
  } catch (error) {
    return { error };
  }
}
