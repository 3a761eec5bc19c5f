// Owns: the types of runs: options, the live run, the finished one.
// Does not own: the objects behind them (`flow-run`, `finished-run`).
// H1. A live run is no thenable: one that is gets awaited by accident.

import type { FailureData } from "../work/failure-data.js";
import type { Executor } from "../run/executor.js";
import type { TaskProgress, TaskReport } from "../run/run-reports.js";
import type { Logger } from "../work/report.js";
import type { FlowState, StateName } from "../work/kinds.js";
import type { TaskState } from "./settled-types.js";

export interface RunOptions {
  /** Takes the log records of the run's tasks. Without it they are lines on stderr, debug ones left out. */
  readonly logger?: Logger | undefined;
  /** Told of all that the tasks say: log records, progress, what they print in threads. */
  readonly onReport?: ((report: TaskReport) => void) | undefined;
  /** Replaces the flow's own. */
  readonly executor?: Executor | undefined;
  /** Cancels the run. */
  readonly signal?: AbortSignal | undefined;
  /** `"returned"`: every other result is let go of after its last use. Without it: `"all"`. */
  readonly keepResults?: "all" | "returned" | undefined;
  /**
   * Sends every argument and result through the codec of values in the user's process too: a value that could not leave it
   * fails its task with `NOT_SERIALISABLE`, and tasks share no objects. Without it: only where the environment variable
   * MILLRACE_CHECK_VALUES is 1.
   */
  readonly checkValues?: boolean | undefined;
}

export type LiveState = StateName;

/** A run that goes on (H1). */
export interface FlowRun<out T> {
  readonly id: string;
  readonly name: string;
  /** Never rejects because a task failed. */
  readonly done: Promise<FinishedRun<T>>;
  /** Batches of changes from now on, at most one a turn; ends with the run. */
  changes(): AsyncIterable<readonly StateChange[]>;
  cancel(reason?: string): void;
  /** How many task runs are in which state; a mapped task counts as its children. */
  summary(): Readonly<Record<LiveState, number>>;
  /** How far the tasks are that run and have called `context().progress`. */
  progress(): readonly TaskProgress[];
  /**
   * Why a task, or one child of a mapped one, is where it is, and what would free it; what it went through, a line each. Rejects
   * where the flow has no such task.
   */
  explain(slug: string, index?: number): Promise<string>;
}
/** One task, or the range of a map's children from `index` on. */
export interface StateChange {
  readonly slug: string;
  readonly index?: number;
  readonly count: number;
  readonly state: LiveState;
}
export interface FinishedRun<out T> {
  readonly id: string;
  readonly name: string;
  readonly state: FlowState;
  readonly states: FinishedStates;
  /** Throws what `run` rejects with: `FlowFailed`, `FlowCancelled`, `ResultMissing` (a skipped ref). */
  readonly value: T;
  /** The result of a task, or of one child; without an index a mapped task gives the list. */
  resultOf(slug: string, index?: number): Promise<unknown>;
  /**
   * Lets go of its values, on every executor: `value` throws and `resultOf` rejects with `RUN_CLOSED` from now on; `state` and `states`
   * stay. In this process values go with this object anyway; on a cluster they stay with the workers until this, or until the
   * client ends. `flow.run` does it by itself. A second call does nothing.
   */
  release(): void;
}
/** By slug; a map's children by index. */
export interface FinishedStates {
  get(slug: string, index?: number): TaskState | undefined;
  /** How many children a mapped task has; undefined where it has none of its own. */
  width(slug: string): number | undefined;
  /** Of the tasks, in the order in which they were called. */
  slugs(): Iterable<string>;
  /** Why it failed: name, message and code as texts, whatever was thrown. Undefined: it did not fail. */
  failure(slug: string, index?: number): FailureData | undefined;
  /** How long the last attempt took; undefined if there was none. */
  durationMs(slug: string, index?: number): number | undefined;
  /** How many tasks there are. */
  readonly size: number;
  /** The rows of the table, each made when it is asked for. */
  rows(): Iterable<StateRow>;
  /** One row for each task, and for each state of a mapped task's children. */
  table(): readonly StateRow[];
}
export interface StateRow {
  readonly slug: string;
  readonly state: TaskState;
  readonly count: number;
  /** Of all of them together. */
  readonly durationMs: number;
  /** Of a mapped task's children. */
  readonly mapped: boolean;
}
