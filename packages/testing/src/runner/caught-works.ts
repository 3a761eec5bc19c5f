// Owns: works as a scheduler makes them, of tasks that a thread can load: caught from a run, to be given to another runner.

import { flow, type Ref } from "@millrace/core";
import {
  cancelledFailure,
  ExecutorOver,
  metaOf,
  realClock,
  type Runner,
  type RunnerHost,
  type SentTree,
  SingleOutcome,
  type ValueMeta,
  type Work,
  type WorkBatch,
  type WorkId,
} from "@millrace/core/seam";
import { turns } from "../suite-case.js";

/** Keeps what it is given and runs nothing. */
class Catcher implements Runner {
  readonly capabilities = { parallel: false, isolated: false, hardCancel: false, remote: false };
  readonly batches: WorkBatch[] = [];
  private host: RunnerHost | undefined;

  start(host: RunnerHost): Promise<void> {
    this.host = host;
    host.demand(1000);
    return Promise.resolve();
  }

  put(_run: string, _taskRun: number, value: unknown): ValueMeta {
    return metaOf(value);
  }

  dispatch(batches: readonly WorkBatch[]): void {
    this.batches.push(...batches);
  }

  ask(): void {}

  cancel(ids: readonly WorkId[], reason: string): void {
    const result = { end: "failed", failure: cancelledFailure(reason), retry: "no" } as const;
    const ends = ids.map(({ run, taskRun, attempt }) => new SingleOutcome(run, taskRun, attempt, 0, 0, result));
    queueMicrotask(() => this.host?.outcomes(ends));
  }

  release(): void {}

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The works that a run of such a flow sends first. */
export async function caughtWorks(build: () => Ref<unknown> | readonly Ref<unknown>[]): Promise<readonly WorkBatch[]> {
  const runner = new Catcher();
  const none = {
    detach: () => () => {
      throw new Error("nothing was run");
    },
    ownedBy: () => undefined,
    runsCaller: () => false,
  };
  const executor = new ExecutorOver("Catcher", { runner, clock: realClock, ...none });
  const run = flow("suite", build).start({}, { executor });
  while (runner.batches.length === 0) await turns();
  run.cancel("its works were caught");
  await run.done;
  return runner.batches;
}

/** The same works, changed one by one. */
export function changed(batch: WorkBatch, change: (work: Work) => Partial<Work>): WorkBatch {
  const works = Array.from({ length: batch.length }, (_, i): Work => {
    const { taskRun, attempt, index, runCount, loopCount, loopValue, slug, slots, inputAttempts } = batch.at(i);
    const work = { taskRun, attempt, index, runCount, loopCount, loopValue, slug, slots, inputAttempts };
    return { ...work, ...change(work) };
  });
  const at = (i: number): Work => {
    const work = works[i];
    if (work === undefined) throw new RangeError(`a batch of ${works.length} has no work ${i}`);
    return work;
  };
  return { run: batch.run, template: batch.template, length: works.length, at };
}

/** With one argument that is the value of this exact name. */
export const taking = (batch: WorkBatch, taskRun: Work["taskRun"], attempt: number): WorkBatch =>
  changed(batch, () => ({ slots: [{ kind: "ref", ref: { taskRun, attempt } } satisfies SentTree] }));
