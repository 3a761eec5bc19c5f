// Owns: what a run fails with when its runner breaks the seam: it cannot start, or says what cannot be.

import { MillraceError } from "./millrace-error.js";

export class RunnerFault extends MillraceError {
  constructor(message: string, options?: ErrorOptions) {
    super("RUNNER_FAULT", message, options);
  }
}
