// Owns: `openPool`: the executor, the open run, the pool over it.
// Does not own: what a pool does (`pool`).

import { noteOpened, workInside } from "../attempt/around.js";
import { AsyncExecutor } from "../executors/async.js";
import type { Executor } from "../run/executor.js";
import { randomRunId } from "../run/random-run-id.js";
import { flowRunId } from "../work/ids.js";
import { refuseInFlow } from "./build.js";
import { moduleLoads } from "./module-loads.js";
import { PoolHandle } from "./pool.js";
import { PoolRun } from "./pool-run.js";
import type { Pool } from "./pool-types.js";
import { checkExecutor } from "./start-run.js";

/** Without an executor it makes an `AsyncExecutor`, and closes it with the pool; a given one stays open. */
export async function openPool(executor?: Executor): Promise<Pool> {
  const load = moduleLoads.current.getStore();
  if (load !== undefined) {
    // The module is loaded for its tasks: nothing of it runs (D7).
    load.reached();
    return new Promise(() => undefined);
  }
  refuseInFlow("openPool");
  if (executor !== undefined) checkExecutor(executor, "the executor of a pool");
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
    inside: workInside(used),
  });
  noteOpened(id, link.done);
  await link.opened;
  return new PoolHandle(new PoolRun(id, used, link), executor === undefined);
}
