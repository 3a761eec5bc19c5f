// Owns: what a task may know of its run while it runs: `context()`, by AsyncLocalStorage (CTX-1, CTX-3).
// Does not own: what is done with it (`run-attempt`).
// K1. One object an attempt; its signal and its names are made when asked for.
// K2. The storage hangs on a global symbol, so that two loaded copies of this package share it.
// The one cast: a loop value has the type that the task's author gives it; nobody can check it.

import { AsyncLocalStorage } from "node:async_hooks";
import { stderrLogger } from "../run/text-logger.js";
import { flowRunId, taskRunId, templateId } from "../work/ids.js";
import { DEFAULT_RERUN, NO_RETRY } from "../work/policies.js";
import type { Logger, Said } from "../work/report.js";
import { type RunFacts, slugOf, type Work, type WorkTemplate } from "../work/work.js";
import { progressOf, TaskLogger } from "./task-logger.js";

/** What a task sees of its run. Outside a task `context()` gives defaults: run count 1, no parameters. */
export interface Context {
  /** 1 at the first try, 2 at the first retry; 1 again for each iteration of a loop. */
  readonly runCount: number;
  /** 1 for the first iteration. */
  readonly loopCount: number;
  /** The child's index in a map. */
  readonly mapIndex: number | undefined;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly flowName: string;
  readonly runName: string;
  readonly taskName: string;
  readonly taskSlug: string;
  readonly tags: readonly string[];
  /** Each record carries the flow, the run, the task, its attempt and map index; `data` is made plain data. */
  readonly logger: Logger;
  /** How far the task is. Throws `INVALID_PROGRESS`. */
  progress(done: number, total: number): void;
  /** Aborted when the run is cancelled. */
  readonly signal: AbortSignal;
  /** The same as `signal.aborted`, without making the signal. */
  readonly cancelled: boolean;
  /** What `loop(next)` left, else `initial`. */
  loopValue<T>(initial: T): NoInfer<T>;
}

/** Where whoever cancels an attempt of another thread says so: a task that never yields can see it. */
export interface CancelFlag {
  readonly isSet: boolean;
}

/** Where what an attempt says goes. */
export interface Reporter {
  report(by: AttemptContext, said: Said): void;
}

export class AttemptContext implements Context {
  readonly run: RunFacts;
  readonly template: WorkTemplate;
  readonly work: Work;
  /** The executor that runs it: a run that is started on the same one works in this attempt's slot. */
  readonly executor: object | undefined;
  /** The last signal that the task threw. */
  raised: unknown = undefined;
  /** What it left behind may still run in its context. */
  ended = false;
  /** Its timeout has asked it to stop: however it ends, it has timed out. */
  outOfTime = false;
  private asked = false;
  private readonly flag: CancelFlag | undefined;
  readonly reporter: Reporter | undefined;
  private ownLogger: Logger | undefined;
  private controller: AbortController | undefined;
  private reason: string | undefined;

  constructor(
    run: RunFacts,
    template: WorkTemplate,
    work: Work,
    executor: object | undefined,
    reporter?: Reporter,
    flag?: CancelFlag,
  ) {
    this.flag = flag;
    this.reporter = reporter;
    this.run = run;
    this.template = template;
    this.work = work;
    this.executor = executor;
  }

  get runCount(): number {
    return this.work.runCount;
  }

  get loopCount(): number {
    return this.work.loopCount;
  }

  get mapIndex(): number | undefined {
    return this.work.index < 0 ? undefined : this.work.index;
  }

  get parameters(): Readonly<Record<string, unknown>> {
    return this.run.parameters;
  }

  get flowName(): string {
    return this.run.flow;
  }

  get runName(): string {
    return this.run.name;
  }

  get taskName(): string {
    return this.template.name;
  }

  get taskSlug(): string {
    return slugOf(this.template, this.work);
  }

  get tags(): readonly string[] {
    return this.template.tags;
  }

  get logger(): Logger {
    this.ownLogger ??= new TaskLogger(this.reporter === undefined ? toStderr : (said) => this.say(said));
    return this.ownLogger;
  }

  progress(done: number, total: number): void {
    this.say(progressOf(done, total));
  }

  private say(said: Said): void {
    this.reporter?.report(this, said);
  }

  get cancelled(): boolean {
    return this.asked || this.flag?.isSet === true;
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController();
    if (this.cancelled && !this.controller.signal.aborted) this.controller.abort(this.reason);
    return this.controller.signal;
  }

  loopValue<T>(initial: T): NoInfer<T> {
    return this.work.loopCount === 1 ? initial : (this.work.loopValue as T);
  }

  /** Asks the task to stop. */
  cancel(reason: string): void {
    this.asked = true;
    this.reason = reason;
    this.controller?.abort(reason);
  }
}

/** Outside a task. */
function toStderr(said: Said): void {
  if (said.kind === "log") stderrLogger[said.level](said.message, { data: said.data });
}

const KEY = Symbol.for("millrace/1/context");

function sharedStorage(): AsyncLocalStorage<AttemptContext> {
  const found: unknown = Reflect.get(globalThis, KEY);
  if (found instanceof AsyncLocalStorage) return found;
  const made = new AsyncLocalStorage<AttemptContext>();
  Object.defineProperty(globalThis, KEY, { value: made });
  return made;
}

export const attempts = sharedStorage();

const NOWHERE = { name: "", origin: { trace: {}, bodies: [] } };
const OUTSIDE = new AttemptContext(
  { id: flowRunId(""), flow: "", name: "", parameters: {} },
  {
    id: templateId(0),
    name: "",
    tags: [],
    slugPrefix: "",
    args: [],
    retry: NO_RETRY,
    timeoutMs: undefined,
    rerun: DEFAULT_RERUN,
    fn: () => undefined,
    made: NOWHERE,
  },
  {
    taskRun: taskRunId(0),
    attempt: 1,
    index: -1,
    runCount: 1,
    loopCount: 1,
    loopValue: undefined,
    slug: "",
    slots: undefined,
    inputAttempts: undefined,
  },
  undefined,
);

/** What the running task may know; outside a task, defaults. */
export function context(): Context {
  return attempts.getStore() ?? OUTSIDE;
}

/** A task threw a signal: its attempt remembers it, in case a `catch` swallows it. */
export function noteSignal(signal: unknown): void {
  const current = attempts.getStore();
  if (current !== undefined) current.raised = signal;
}
