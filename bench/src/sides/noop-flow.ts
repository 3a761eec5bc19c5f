// Owns: a flow of tasks that do nothing, as one side: `count` nodes of their own, or one map of that width.
import { AsyncExecutor, type Executor, type Flow, flow, SequentialExecutor, task } from "@millrace/core";
import { numberIn, type Prepare, type SideOptions } from "../side.js";

const asyncNoop = task("noop", async () => {});
const syncNoop = task("noop-sync", () => {});
const asyncOfOne = task("noop-of-one", async (_element: number) => {});

function executorOf(options: SideOptions): Executor {
  const concurrency = numberIn(options, "concurrency");
  return concurrency === 1 ? new SequentialExecutor() : new AsyncExecutor({ concurrency });
}

/** `shape`: nodes, sync (nodes of a function that is not async) or map. */
function flowOf(options: SideOptions): Flow<{}, void> {
  const count = numberIn(options, "count");
  if (options["shape"] === "map") {
    const list = Array.from({ length: count }, (_, i) => i);
    return flow("map", () => {
      asyncOfOne.map(list);
    });
  }
  const noop = options["shape"] === "sync" ? syncNoop : asyncNoop;
  return flow("nodes", () => {
    for (let i = 0; i < count; i++) noop();
  });
}

function built(options: SideOptions): Flow<{}, void> {
  const made = flowOf(options);
  const problems = made.check();
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return made;
}

/** Tasks a second, from `start()` to `done`; with `withBuild` also the building of the flow. `runs` a repeat. */
export const prepare: Prepare = async (options) => {
  const executor = executorOf(options);
  const runs = numberIn(options, "runs");
  const before = options["withBuild"] === true ? undefined : built(options);
  return async () => {
    const startedAt = performance.now();
    for (let i = 0; i < runs; i++) {
      const finished = await (before ?? built(options)).start({}, { executor }).done;
      if (finished.state !== "Success") throw new Error(`the flow ended as ${finished.state}`);
    }
    return (runs * numberIn(options, "count") * 1000) / (performance.now() - startedAt);
  };
};
