// Owns: why a result cannot be had.

import type { FailureData } from "../work/failure-data.js";
import { MillraceError } from "../work/millrace-error.js";

/** There never was a value: skipped, failed, cancelled or not run. */
export class ResultMissing extends MillraceError {
  readonly slug: string;
  readonly state: string;

  constructor(slug: string, state: string, failure?: FailureData) {
    const why = failure === undefined ? "" : `: ${failure.message}`;
    const next = "Look at its state first, or take it through settled() in the flow";
    super("RESULT_MISSING", `"${slug}" has no result, it is ${state}${why}. ${next}`, { cause: failure?.error });
    this.slug = slug;
    this.state = state;
  }
}

/** There was a value, and nothing held it any more. */
export class ResultReleased extends MillraceError {
  readonly slug: string;

  constructor(slug: string) {
    super(
      "RESULT_RELEASED",
      `the result of "${slug}" was released after its last use: run with { keepResults: "all" } to keep every result`,
    );
    this.slug = slug;
  }
}
