// Owns: why an executor takes nothing more, or cannot be closed here; why a run gives nothing more.

import { MillraceError } from "../work/millrace-error.js";

export class ExecutorClosed extends MillraceError {
  constructor(executor: string) {
    super("EXECUTOR_CLOSED", `this ${executor} was closed: make a new one`);
  }
}

/** Its values were let go, by `release()` or since its executor was closed by kill. */
export class RunClosed extends MillraceError {
  readonly run: string;

  constructor(run: string) {
    super("RUN_CLOSED", `the run "${run}" has let go of its values: read what you need before release()`);
    this.run = run;
  }
}

export class CloseInside extends MillraceError {
  /** `what`: what is closed, as in "pool". */
  constructor(what: string) {
    super("CLOSE_INSIDE", `a task of this ${what} closes it and would wait for itself: close it where it was made`);
  }
}
