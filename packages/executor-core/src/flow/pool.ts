// Owns: the pool that users hold: submit, map, gather, close.
// Does not own: its run (`pool-run`), futures (`future`), starting (`open-pool`).

import { CloseInside } from "../run/closed-errors.js";
import type { CloseMode } from "../run/runner.js";
import type { NodeId } from "../work/ids.js";
import { argumentTrees, mappedTrees } from "./argument-trees.js";
import { refuseInFlow } from "./build.js";
import { FutureHandle, MappedFutureHandle } from "./future.js";
import { gather } from "./gather.js";
import type { PoolRun } from "./pool-run.js";
import { FutureCancelled, PoolError } from "./pool-errors.js";
import type { Future, FuturableArgs, FutureMapArgs, Gathered, MappedFuture, Pool } from "./pool-types.js";
import type { Fn } from "./ref-types.js";
import { ambientOf } from "./tags.js";
import { siteOf } from "./task.js";
import type { Args, Result, TaskHandle } from "./task-types.js";

const NO_TAGS = ambientOf([]);
const MODES: ReadonlySet<unknown> = new Set<CloseMode>(["drain", "cancel", "kill"]);

export class PoolHandle implements Pool {
  readonly #run: PoolRun;
  readonly #ownsExecutor: boolean;

  constructor(run: PoolRun, ownsExecutor: boolean) {
    this.#run = run;
    this.#ownsExecutor = ownsExecutor;
  }

  submit<F extends Fn>(task: TaskHandle<F>, ...args: FuturableArgs<Args<F>>): Future<Result<F>> {
    const run = this.#run;
    const future = new FutureHandle<Result<F>>(run, this.#append("pool.submit", task, args, false));
    run.add(future);
    return future;
  }

  map<F extends Fn>(task: TaskHandle<F>, ...args: FutureMapArgs<Args<F>>): MappedFuture<Result<F>> {
    const run = this.#run;
    const future = new MappedFutureHandle<Result<F>>(run, this.#append("pool.map", task, args, true));
    run.add(future);
    return future;
  }

  #append(what: string, task: unknown, args: readonly unknown[], isMapped: boolean): NodeId {
    const { closed, graph } = this.#run;
    if (closed !== undefined) throw closed();
    refuseInFlow(what);
    const { definition, slug, upstream } = siteOf(task, what);
    if (upstream.length > 0) {
      const why = "has the option upstream, which takes refs of a flow: pass the futures it waits for as arguments";
      throw new PoolError("INVALID_OPTION", `"${definition.facts.name}" ${why}`);
    }
    const { name } = definition.facts;
    const trees = isMapped ? mappedTrees(graph, name, args) : argumentTrees(graph, name, args);
    if (isMapped && !trees.some((tree) => tree.kind === "element")) {
      const why = "is mapped over nothing: give at least one list that is not unmapped, or submit it";
      throw new PoolError("NOTHING_TO_MAP", `"${name}" ${why}`);
    }
    return graph.addTask(definition.spec(NO_TAGS, isMapped), trees, slug);
  }

  gather<const T>(futures: T): Promise<Gathered<T>> {
    return gather<Gathered<T>>(futures);
  }

  /** Throws `CLOSE_INSIDE` in a task of this pool, and in a run that one opened: it would wait for itself. */
  async close(mode: CloseMode = "drain"): Promise<void> {
    const run = this.#run;
    if (!MODES.has(mode))
      throw new PoolError("INVALID_OPTION", 'a pool closes in the mode "drain", "cancel" or "kill"');
    if (mode !== "kill" && run.runsCaller) throw new CloseInside("pool");
    run.seal("this pool was closed");
    if (mode !== "drain") run.link.cancel("the pool was closed");
    if (mode === "kill") {
      run.breakOff((slug) => new FutureCancelled(slug, "the pool was closed"));
      if (this.#ownsExecutor) await run.executor.close("kill");
      return;
    }
    // Why it broke off is what its futures say.
    await run.link.done.catch(() => undefined);
    if (this.#ownsExecutor) await run.executor.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
