// Owns: what a module that is loaded for its tasks gets where it starts a run: one that never begins (D7).

import { emptyCounts } from "./task-states.js";
import type { ModuleLoad } from "./module-loads.js";
import type { FlowRun } from "./run-types.js";

/** Nobody runs it, so nothing of it ever settles: a module that waits for it waits in vain, with all that comes after. */
export function heldRun(load: ModuleLoad): FlowRun<unknown> {
  load.reached();
  const never = new Promise<never>(() => undefined);
  return {
    id: "",
    name: "",
    done: never,
    changes: () => ({ [Symbol.asyncIterator]: () => ({ next: () => never }) }),
    cancel: () => undefined,
    summary: emptyCounts,
    progress: () => [],
    explain: () => never,
  };
}
