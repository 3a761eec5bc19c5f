// Owns: the runs of a cluster runner: their numbers, what of them was told to whom, the works that are unanswered.

import type { PlacementEffect } from "../placement/effects.js";
import type { PlacedWork, WorkName } from "../placement/events.js";
import type { WorkNames } from "../protocol/work-names.js";
import {
  type FlowRunId,
  type OutcomeEnd,
  readsOfWork,
  type RunFacts,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/pure";
import { DIED } from "./ends.js";

/** A work that was given and not answered. `reason`: why it is to stop. */
export type OpenWork = { readonly batch: WorkBatch; readonly i: number; readonly attempt: number; reason?: string };

type GivenBack = Extract<PlacementEffect, { readonly kind: "givenBack" }>;

/** Losses of workers, each just when the same work was to begin there, that count as one death of it. */
const SUSPECT_MAX = 10;

export class RunHere {
  readonly id: FlowRunId;
  /** What the placement calls it. */
  readonly number: number;
  readonly works = new Map<number, OpenWork>();
  /** Workers that know it, and of its templates those that they know. */
  readonly told = new Map<number, Set<WorkTemplate>>();
  /** Workers that were asked something of it, maybe before they were told of it. */
  readonly asked = new Set<number>();
  /** Task runs whose workers were lost when they were to begin, and how often. */
  private readonly suspects = new Map<number, number>();
  facts: RunFacts | undefined;
  /** Its host has let go of it: what of it is at workers is told to nobody. */
  isDropped = false;

  constructor(id: FlowRunId, number: number) {
    this.id = id;
    this.number = number;
  }

  /** As the placement sees it. */
  open(batch: WorkBatch, i: number): PlacedWork {
    const work = batch.at(i);
    const { taskRun, attempt } = work;
    this.facts ??= batch.run;
    this.works.set(taskRun, { batch, i, attempt });
    const { name: task, needs, priority, rerun } = batch.template;
    const isOnce = rerun === "never" || undefined;
    return { taskRun, attempt, task, needs, priority, isOnce, inputs: readsOfWork(batch.template, work) };
  }

  /** A work whose worker was lost just when it was to begin comes back, unless that was so often that it is taken for the cause. */
  endOf({ work: { taskRun }, missing, mayHaveBegun }: GivenBack): OutcomeEnd {
    if (mayHaveBegun !== true) return { end: "givenBack", missing };
    const times = (this.suspects.get(taskRun) ?? 0) + 1;
    if (times < SUSPECT_MAX) this.suspects.set(taskRun, times);
    else this.suspects.delete(taskRun);
    return times < SUSPECT_MAX ? { end: "givenBack", missing } : DIED;
  }

  /** Whether the host is to hear of its end: it is open, and will not be any more. */
  answer(taskRun: number, attempt: number): boolean {
    if (this.works.get(taskRun)?.attempt !== attempt) return false;
    this.works.delete(taskRun);
    return !this.isDropped;
  }

  /** What a worker says of works of this run, as the placement calls them. */
  names(works: WorkNames): WorkName[] {
    const names: WorkName[] = [];
    for (let i = 0; i < works.ids.length; i++)
      names.push({ run: this.number, taskRun: works.ids.at(i), attempt: works.attempts.at(i) });
    return names;
  }
}

export class RunsHere {
  private readonly byId = new Map<FlowRunId, RunHere>();
  private readonly byNumber = new Map<number, RunHere>();
  private last = 0;

  get size(): number {
    return this.byId.size;
  }

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
    for (const run of this.byId.values()) {
      run.told.delete(worker);
      run.asked.delete(worker);
    }
  }

  [Symbol.iterator](): IterableIterator<RunHere> {
    return this.byId.values();
  }
}
