// Owns: what both executors of the user's process are made of. Simulations have a clock of their own.

import { workInside } from "../attempt/around.js";
import type { Clock } from "../run/clock.js";
import type { RunnerParts } from "../run/executor-over.js";
import { realClock } from "../run/real-clock.js";
import { LocalValues } from "../values/value-store.js";
import { LocalRunner } from "./local-runner.js";

/** The runner is made here and started by the first run: constructing costs no resource. */
export function localParts(concurrency: number, clock: Clock = realClock): RunnerParts {
  const values = new LocalValues();
  const runner = new LocalRunner(concurrency, values, clock);
  return {
    runner,
    clock,
    detach: (run) => runner.detach(run),
    valueAt: (run, taskRun, attempt) => values.of(run).get(taskRun, attempt),
    ownedBy: (executor) => {
      runner.executor = executor;
    },
    runsCaller: (executor) => workInside(executor) !== undefined,
  };
}
