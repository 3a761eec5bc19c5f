// Owns: an executor of the user's process whose runner a test has changed: what it is told, and what it tells.

import { ExecutorOver, LocalRunner, LocalValues, realClock } from "@millrace/core/internal";
import type { Runner, RunnerHost } from "@millrace/core/seam";

export type Change = {
  /** What the runner sees as its host. */
  readonly host?: (host: RunnerHost) => Partial<RunnerHost>;
  /** What the executor sees as its runner. */
  readonly runner?: (runner: LocalRunner, values: LocalValues) => Partial<Runner>;
};

/** Methods that are not changed are those of the real ones. */
function withChanges<T extends object>(target: T, changes: Partial<T>): T {
  return new Proxy(target, {
    get: (_, key) => {
      const changed: unknown = Reflect.get(changes, key);
      if (changed !== undefined) return changed;
      const own: unknown = Reflect.get(target, key);
      return typeof own === "function" ? own.bind(target) : own;
    },
  });
}

export function changedRunner(concurrency: number, change: Change): { runner: Runner; own: LocalRunner } {
  const values = new LocalValues();
  const own = new LocalRunner(concurrency, values, realClock);
  const start = (host: RunnerHost): Promise<void> => own.start(withChanges(host, change.host?.(host) ?? {}));
  return { runner: withChanges<Runner>(own, { start, ...change.runner?.(own, values) }), own };
}

export function changedExecutor(concurrency: number, change: Change): ExecutorOver {
  const { runner, own } = changedRunner(concurrency, change);
  return new ExecutorOver("ChangedExecutor", {
    runner,
    clock: realClock,
    detach: (run) => own.detach(run),
    ownedBy: (executor) => {
      own.executor = executor;
    },
    runsCaller: () => false,
  });
}
