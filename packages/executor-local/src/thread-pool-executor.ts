// Owns: the executor that runs tasks in threads of this machine.

import { ExecutorOver, realClock } from "@millrace/core/seam";
import type { ThreadActivity } from "./activity.js";
import { readOptions, type ThreadPoolOptions } from "./options.js";
import { ThreadsRunner } from "./threads-runner.js";

/**
 * Runs each task in a thread, as many at a time as there are threads. Any number of runs may share one; it starts at the
 * first, ends when there was none for `keepAliveMs`, and keeps no process alive. Tasks must stand at the top level of a
 * module, and what they receive and return must be able to travel (docs/values.md).
 */
export class ThreadPoolExecutor extends ExecutorOver {
  readonly #runner: ThreadsRunner;

  /** Throws `INVALID_OPTION`. */
  constructor(options: ThreadPoolOptions = {}) {
    const { keepAliveMs, ...threads } = readOptions(options);
    const runner = new ThreadsRunner(threads, realClock);
    super("ThreadPoolExecutor", {
      runner,
      clock: realClock,
      keepAliveMs,
      detach: (run) => runner.detach(run),
      valueAt: (run, taskRun, attempt) => runner.valueAt(run, taskRun, attempt),
      // A run that a task starts is driven in its own thread: none of them is inside one of this executor's.
      ownedBy: () => undefined,
      runsCaller: () => false,
    });
    this.#runner = runner;
  }

  /** What each thread does at this moment; empty while none is up. */
  activity(): readonly ThreadActivity[] {
    return this.#runner.activity();
  }
}
