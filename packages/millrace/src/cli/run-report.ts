// Owns: what there is to tell of a finished run.
// R1. A run may have a million task runs: what is told of them is worked out once, and only if some part of the output
//     tells it.

import type { FinishedRun } from "@millrace/core";
import { type Failures, taskFailures } from "./task-failures.js";

type Outcome = { readonly value: unknown } | { readonly error: unknown };

export class RunReport {
  readonly flow: string;
  readonly run: FinishedRun<unknown>;
  private knownFailures: Failures | undefined;
  private knownOutcome: Outcome | undefined;

  constructor(flow: string, run: FinishedRun<unknown>) {
    this.flow = flow;
    this.run = run;
  }

  get failures(): Failures {
    this.knownFailures ??= taskFailures(this.run);
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
