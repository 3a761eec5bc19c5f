// Owns: the runs of a cluster runner: their numbers, what of them was told to whom, the works that are unanswered.

import {
  type FlowRunId,
  type Report,
  type RunFacts,
  slugOf,
  type TaskRunId,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/pure";
import type { WorkName } from "../placement/events.js";
import type { Names } from "../placement/words.js";

/** A work that was given and not answered. */
export type OpenWork = { readonly batch: WorkBatch; readonly i: number; readonly attempt: number };

export class RunHere {
  readonly id: FlowRunId;
  /** What the placement calls it. */
  readonly number: number;
  readonly works = new Map<number, OpenWork>();
  /** Workers that know it, and of its templates those that they know. */
  readonly told = new Map<number, Set<WorkTemplate>>();
  facts: RunFacts | undefined;

  constructor(id: FlowRunId, number: number) {
    this.id = id;
    this.number = number;
  }
}

export class RunsHere {
  private readonly byId = new Map<FlowRunId, RunHere>();
  private readonly byNumber = new Map<number, RunHere>();
  private last = 0;

  find(id: FlowRunId): RunHere | undefined {
    return this.byId.get(id);
  }

  at(number: number): RunHere | undefined {
    return this.byNumber.get(number);
  }

  /** `isNew`: it was made just now. */
  of(id: FlowRunId): { readonly run: RunHere; readonly isNew: boolean } {
    const known = this.byId.get(id);
    if (known !== undefined) return { run: known, isNew: false };
    const run = new RunHere(id, ++this.last);
    this.byId.set(id, run);
    this.byNumber.set(run.number, run);
    return { run, isNew: true };
  }

  drop(run: RunHere): void {
    this.byId.delete(run.id);
    this.byNumber.delete(run.number);
  }

  forgetWorker(worker: number): void {
    for (const run of this.byId.values()) run.told.delete(worker);
  }

  [Symbol.iterator](): IterableIterator<RunHere> {
    return this.byId.values();
  }
}

/** For people, in a run: workers by number, its own works by slug, those of another run with that run's name. */
export function namesFor(runs: RunsHere, asking: FlowRunId | undefined): Names {
  return {
    worker: (worker) => `worker ${worker}`,
    work: (name) => nameOf(runs.at(name.run), name, asking),
  };
}

function nameOf(run: RunHere | undefined, { taskRun }: WorkName, asking: FlowRunId | undefined): string {
  const open = run?.works.get(taskRun);
  if (run === undefined || open === undefined) return `task run ${taskRun}`;
  const slug = placeOf(open);
  return run.id === asking ? slug : `${slug} of ${open.batch.run.name}`;
}

/** Its slug, and its index where it is a map's child. */
export function placeOf({ batch, i }: OpenWork): string {
  const work = batch.at(i);
  const slug = slugOf(batch.template, work);
  return work.index < 0 ? slug : `${slug}[${work.index}]`;
}

/** A warning about a work, as if its task had said it. */
export function recordOf(
  run: RunHere,
  taskRun: TaskRunId,
  { batch, i, attempt }: OpenWork,
  atMs: number,
  message: string,
): Report {
  const work = batch.at(i);
  const { index, runCount } = work;
  const mapIndex = index < 0 ? undefined : index;
  const slug = slugOf(batch.template, work);
  const by = { task: batch.template.name, slug, mapIndex, runCount, taskRun, attempt, thread: undefined };
  return { run: run.id, atMs, by, said: { kind: "log", level: "warn", message } };
}
