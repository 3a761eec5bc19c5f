// Owns: the types of pools: futures, where they may stand, what gathers them.
// Does not own: the objects behind them (`pool`, `future`).
// P1. `Futurable` is a second `Refable` on purpose: one type for "ref or future" would print in every error.

import type { TaskReport } from "../run/run-reports.js";
import type { CloseMode } from "../run/runner.js";
import type { Logger } from "../work/report.js";
import type { Fn, IsPlain, Leaf, Unmapped } from "./ref-types.js";
import type { LiveState } from "./run-types.js";
import type { Settled } from "./settled-types.js";
import type { Args, Result, TaskHandle } from "./task-types.js";

export declare const FUTURE: unique symbol;

/** The result of a task that was submitted: a promise that is made when somebody waits for it. */
export interface Future<out T> extends Promise<T> {
  readonly [FUTURE]: T;
  readonly state: LiveState;
  /** False: it was over already. What has not started is cancelled at once, what runs is asked to stop. */
  cancel(reason?: string): boolean;
}
/** The list as one future; it also gives the elements in their order, each as soon as it is there. */
export interface MappedFuture<out T> extends Future<T[]>, AsyncIterable<T> {}

/** A future, or a value with futures anywhere inside its arrays, tuples and plain objects (P1). */
export type Futurable<T> = Future<T> | FutureInside<T>;
type FutureInside<T> = T extends Leaf
  ? T
  : T extends readonly (infer U)[]
    ? readonly U[] extends T
      ? readonly Futurable<U>[]
      : U[] extends T
        ? Futurable<U>[]
        : { [K in keyof T]: Futurable<T[K]> }
    : IsPlain<T> extends true
      ? { [K in keyof T]: Futurable<T[K]> }
      : T;
export type FuturableArgs<A> = { [K in keyof A]: Futurable<A[K]> };
export type FutureMapArgs<A> = { [K in keyof A]: Futurable<readonly A[K][]> | Unmapped<Futurable<A[K]>> };
/** The same shape with every future replaced by its value. */
export type Gathered<T> =
  T extends Future<infer V>
    ? V
    : T extends Leaf
      ? T
      : T extends readonly (infer U)[]
        ? number extends T["length"]
          ? Gathered<U>[]
          : { -readonly [K in keyof T]: Gathered<T[K]> }
        : IsPlain<T> extends true
          ? { -readonly [K in keyof T]: Gathered<T[K]> }
          : T;

export interface Pool extends AsyncDisposable {
  /** Runs the task once, however often its future is awaited. Futures among the arguments are waited for. */
  submit<F extends Fn>(task: TaskHandle<F>, ...args: FuturableArgs<Args<F>>): Future<Result<F>>;
  /** Once for each element; `unmapped(x)` goes whole to each. */
  map<F extends Fn>(task: TaskHandle<F>, ...args: FutureMapArgs<Args<F>>): MappedFuture<Result<F>>;
  /** Any nesting of futures and values, in the same shape; a literal list gives a tuple. */
  gather<const T>(futures: T): Promise<Gathered<T>>;
  /** drain: waits for what was submitted. cancel: cancels it first. kill: does not wait for tasks that run. */
  close(mode?: CloseMode): Promise<void>;
}

/** What a future became and its place in the list; never the future itself, which `for await` would unwrap. */
export type Completed<T> = Settled<T> & { readonly index: number };
export type ValueOf<F> = F extends Future<infer T> ? T : never;

export interface PoolOptions {
  readonly logger?: Logger | undefined;
  readonly onReport?: ((report: TaskReport) => void) | undefined;
}
