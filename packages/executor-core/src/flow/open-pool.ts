// Owns: `openPool`: the executor, the open run, the pool over it.
// Does not own: what a pool does (`pool`).

import { noteOpened, workInside } from "../attempt/around.js";
import { AsyncExecutor } from "../executors/async.js";
import type { Executor } from "../run/executor.js";
import { randomRunId } from "../run/random-run-id.js";
import { flowRunId } from "../work/ids.js";
import { refuseInFlow } from "./build.js";
import { kindOf } from "./node-ref.js";
import { moduleLoads } from "./module-loads.js";
import { PoolHandle } from "./pool.js";
import { PoolRun } from "./pool-run.js";
import { PoolError } from "./pool-errors.js";
import type { Pool, PoolOptions } from "./pool-types.js";
import { checkExecutor, checkListeners } from "./start-run.js";

/**
 * Without an executor it makes an `AsyncExecutor`, and closes it with the pool; a given one stays open. `logger` takes the
 * log records of its tasks, else they are lines on stderr; `onReport` is told of all that they say. Throws `INVALID_OPTION`.
 */
export async function openPool(executor?: Executor, options: PoolOptions = {}): Promise<Pool> {
  const load = moduleLoads.current.getStore();
  if (load !== undefined) {
    // The module is loaded for its tasks: nothing of it runs (D7).
    load.reached();
    return new Promise(() => undefined);
  }
  refuseInFlow("openPool");
  if (executor !== undefined) checkExecutor(executor, "the executor of a pool");
  checkPoolOptions(options);
  const used = executor ?? new AsyncExecutor();
  const id = flowRunId(randomRunId());
  const link = used.open({
    id,
    flow: "pool",
    name: `pool-${id.slice(0, 8)}`,
    parameters: {},
    keepResults: "held",
    checkValues: process.env["MILLRACE_CHECK_VALUES"] === "1",
    references: [],
    returned: [],
    listeners: options,
    inside: workInside(used),
  });
  noteOpened(id, link.done);
  await link.opened;
  return new PoolHandle(new PoolRun(id, used, link), executor === undefined);
}

const OPTIONS: ReadonlySet<string> = new Set<keyof PoolOptions>(["logger", "onReport"]);

function checkPoolOptions(options: PoolOptions): void {
  if (typeof options !== "object" || options === null)
    throw new PoolError("INVALID_OPTION", `the options of a pool are ${kindOf(options)}: give an object`);
  for (const name of Object.keys(options)) {
    if (!OPTIONS.has(name))
      throw new PoolError("INVALID_OPTION", `the option ${name} is unknown: a pool takes ${[...OPTIONS].join(", ")}`);
  }
  checkListeners(options);
}
