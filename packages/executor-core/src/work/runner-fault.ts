// Owns: what a run fails with when its runner breaks the seam: it cannot start, throws, is silent, or says what cannot be.

import { MillraceError } from "./millrace-error.js";

export class RunnerFault extends MillraceError {
  constructor(message: string, options?: ErrorOptions) {
    super("RUNNER_FAULT", message, options);
  }
}

/** `method`: of the runner, which threw. An error of Millrace's own says enough. */
export function runnerThrew(method: string, error: unknown): MillraceError {
  if (error instanceof MillraceError) return error;
  const why = error instanceof Error ? error.message : String(error);
  return new RunnerFault(`the runner's ${method} threw: ${why}`, { cause: error });
}
