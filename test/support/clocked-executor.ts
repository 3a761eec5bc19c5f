// Owns: the executor of the user's process on a clock of the test's own.

import { type Clock, ExecutorOver, LocalRunner, LocalValues } from "@millrace/core/internal";

export function clockedExecutor(clock: Clock, concurrency = 1): ExecutorOver {
  const runner = new LocalRunner(concurrency, new LocalValues(), clock);
  return new ExecutorOver("ClockedExecutor", {
    runner,
    clock,
    detach: (run) => runner.detach(run),
    ownedBy: (executor) => {
      runner.executor = executor;
    },
    runsCaller: () => false,
  });
}
