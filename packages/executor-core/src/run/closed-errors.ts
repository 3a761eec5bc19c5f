// Owns: why an executor takes nothing more, or cannot be closed here.

import { MillraceError } from "../work/millrace-error.js";

export class ExecutorClosed extends MillraceError {
  constructor(executor: string) {
    super("EXECUTOR_CLOSED", `this ${executor} was closed: make a new one`);
  }
}

export class CloseInside extends MillraceError {
  /** `what`: what is closed, as in "pool". */
  constructor(what: string) {
    super("CLOSE_INSIDE", `a task of this ${what} closes it and would wait for itself: close it where it was made`);
  }
}
