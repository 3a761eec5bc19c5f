// Owns: the default executor: many awaits at once in the user's process.

import { ExecutorOver } from "../run/executor-over.js";
import { MillraceError } from "../work/millrace-error.js";
import { localParts } from "./local-parts.js";

export type AsyncExecutorOptions = {
  /** Tasks that are awaited at a time; 16 if not given. */
  readonly concurrency?: number | undefined;
};

const CONCURRENCY = 16;

/**
 * Awaits up to `concurrency` tasks at a time in this process. Any number of runs may share one; it keeps no process
 * alive. A task that blocks the thread blocks them all.
 */
export class AsyncExecutor extends ExecutorOver {
  /** Throws `INVALID_OPTION`. */
  constructor(options: AsyncExecutorOptions = {}) {
    if (typeof options !== "object") throw invalid(`an AsyncExecutor takes { concurrency }, not ${typeof options}`);
    for (const key of Object.keys(options)) {
      if (key !== "concurrency") throw invalid(`an AsyncExecutor takes { concurrency }, not ${key}`);
    }
    const concurrency = options.concurrency ?? CONCURRENCY;
    if (!Number.isInteger(concurrency) || concurrency < 1)
      throw invalid(`concurrency must be a whole number from 1 on, not ${concurrency}`);
    super("AsyncExecutor", localParts(concurrency));
  }
}

const invalid = (message: string): MillraceError => new MillraceError("INVALID_OPTION", message);
