// Owns: the errors that `run` rejects with and `value` throws, where the run did not succeed.

import { errorOfFailure } from "../values/failure-travel.js";
import { MillraceError } from "../work/millrace-error.js";
import type { RootFailure } from "./root-failures.js";
import type { FinishedRun } from "./run-types.js";

/** A reference task failed. `causes` are the errors behind it, at most 20; `run` has every state and result. */
export class FlowFailed extends MillraceError {
  declare readonly causes: readonly unknown[];
  declare readonly run: FinishedRun<unknown>;

  constructor(flow: string, failures: readonly RootFailure[], run: FinishedRun<unknown>) {
    const [first, ...more] = failures;
    const causes = failures.map(({ failure }) => errorOfFailure(failure));
    const what =
      first === undefined ? "" : `: "${first.place}" failed with ${first.failure.name}: ${first.failure.message}`;
    const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
    super(
      "FLOW_FAILED",
      `the flow "${flow}" failed${what}${others}. Its causes are in error.causes, every state and result in error.run`,
      {
        cause: causes[0],
      },
    );
    // The first is the error's `cause`: printed once.
    Object.defineProperty(this, "causes", { value: causes, enumerable: causes.length > 1 });
    Object.defineProperty(this, "run", { value: run });
  }
}

export class FlowCancelled extends MillraceError {
  declare readonly run: FinishedRun<unknown>;

  constructor(flow: string, reason: string, run: FinishedRun<unknown>) {
    super("FLOW_CANCELLED", `the run of the flow "${flow}" was cancelled${reason === "" ? "" : `: ${reason}`}`);
    Object.defineProperty(this, "run", { value: run });
  }
}
