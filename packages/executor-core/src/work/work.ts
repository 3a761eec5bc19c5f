// Owns: what a runner is given to do. Data only; in the user's process the template also carries the function.
// W1. A template is sent once a run and shared: what differs between works of one template is in the work.
// W2. A runner starts at once what it is given and answers each work with at least one outcome.

import { type FlowRunId, type TaskRunId, taskRunId, type TemplateId } from "./ids.js";
import type { Needs, Rerun, RetryPolicy } from "./policies.js";
import type { Origin, TaskMade } from "./task-origin.js";
import type { SentTree } from "./value-tree.js";

export type TaskFunction = (...args: readonly unknown[]) => unknown;

/** Sent once a run. */
export type RunFacts = {
  readonly id: FlowRunId;
  readonly flow: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Arguments and results go through the codec wherever they are. */
  readonly checkValues?: true;
  /** Its graph is its own, as a pool's: what a call was given is there for that call alone. */
  readonly once?: true;
  /** Where the flow was made. In the user's process. */
  readonly origin?: Origin;
};

/** What the works of one node, or of all nodes of one task and one number of arguments, have in common. */
export type WorkTemplate = {
  readonly id: TemplateId;
  readonly name: string;
  readonly tags: readonly string[];
  readonly slugPrefix: string;
  readonly args: readonly SentTree[];
  readonly retry: RetryPolicy;
  /** Undefined: as long as it takes. */
  readonly timeoutMs: number | undefined;
  readonly rerun: Rerun;
  /** Of the worker that runs it; undefined: nothing. */
  readonly needs?: Needs | undefined;
  /** Higher goes first; undefined: 0. */
  readonly priority?: number | undefined;
  /** In the user's process. */
  readonly fn: TaskFunction;
  /** By which the function is found again outside of it. */
  readonly made: TaskMade;
};

export type Work = {
  readonly taskRun: TaskRunId;
  readonly attempt: number;
  /** The child's index in its map, or -1. */
  readonly index: number;
  readonly runCount: number;
  readonly loopCount: number;
  readonly loopValue: unknown;
  /** The slug: given by the user, or the number behind the template's prefix. */
  readonly slug: string | number;
  readonly slots: readonly SentTree[] | undefined;
  /** Only where an input's attempt is not 1. */
  readonly inputAttempts: ReadonlyMap<TaskRunId, number> | undefined;
};

/** Works of one template. In process a work is its own batch of one, which costs nothing. */
export interface WorkBatch {
  readonly run: RunFacts;
  readonly template: WorkTemplate;
  readonly length: number;
  at(i: number): Work;
}

/** A work that is its own batch. */
export class SingleWork implements Work, WorkBatch {
  readonly run: RunFacts;
  readonly template: WorkTemplate;
  readonly taskRun: TaskRunId;
  readonly attempt: number;
  readonly index: number;
  readonly slug: string | number;
  runCount = 1;
  loopCount = 1;
  loopValue: unknown = undefined;
  slots: readonly SentTree[] | undefined = undefined;
  inputAttempts: ReadonlyMap<TaskRunId, number> | undefined = undefined;

  constructor(
    run: RunFacts,
    template: WorkTemplate,
    taskRun: TaskRunId,
    attempt: number,
    index: number,
    slug: string | number,
  ) {
    this.run = run;
    this.template = template;
    this.taskRun = taskRun;
    this.attempt = attempt;
    this.index = index;
    this.slug = slug;
  }

  get length(): number {
    return 1;
  }

  at(_i: number): Work {
    return this;
  }
}

/** Consecutive children of a map, each at its first attempt and with nothing of its own: one object for all of them. */
export class WorkRange implements WorkBatch {
  readonly run: RunFacts;
  readonly template: WorkTemplate;
  readonly first: TaskRunId;
  /** Of the first child. */
  readonly index: number;
  readonly slug: string | number;
  readonly length: number;

  constructor(
    run: RunFacts,
    template: WorkTemplate,
    first: TaskRunId,
    index: number,
    slug: string | number,
    length: number,
  ) {
    this.run = run;
    this.template = template;
    this.first = first;
    this.index = index;
    this.slug = slug;
    this.length = length;
  }

  at(i: number): SingleWork {
    return new SingleWork(this.run, this.template, taskRunId(this.first + i), 1, this.index + i, this.slug);
  }

  /** With the works of another one that begins where this one ends. Undefined: it does not. */
  joined({ template, first, slug, length }: WorkRange): WorkRange | undefined {
    if (template !== this.template || first !== this.first + this.length) return undefined;
    return new WorkRange(this.run, template, this.first, this.index, slug, this.length + length);
  }

  /** `length` works from the i-th on. */
  slice(i: number, length: number): WorkRange {
    const { run, template, first, index, slug } = this;
    return new WorkRange(run, template, taskRunId(first + i), index + i, slug, length);
  }
}

/** The slug of a work's node. */
export function slugOf(template: WorkTemplate, work: Work): string {
  return typeof work.slug === "string" ? work.slug : `${template.slugPrefix}-${work.slug}`;
}
