// Owns: the types of tasks: the handle, its options, and which functions make one.
// Does not own: what a handle does (`task`), which options make sense together (`task-options`).
// `any` stands in `AnyTask`: no other type argument holds every handle.
// H1. The check of a task's function sits in the result type, not on the parameter: there it would add a misleading
//     TS7024 beside every mistake in the options.
// H2. Every option is `?: T | undefined`: a user with exactOptionalPropertyTypes may pass `config.retries` on. Not so
//     `nout`: a type is inferred from it, and `undefined` is none.

import type { Trigger } from "../work/policies.js";
import type { Duration } from "./duration.js";
import type { Fn, Invalid, ListOrUnmapped, Mapped, Ref, Refable, Refs, Tuple } from "./ref-types.js";

declare const TASK: unique symbol;
export declare const PAIRED: unique symbol;

export type Args<F> = F extends (...args: infer A) => unknown ? A : never;
/** What a call of the function gives in the end: promises are unwrapped. */
export type Result<F> = F extends (...args: never) => infer R ? Settle<R> : never;
/** `Promise` first: inferring its argument is three times cheaper than `Awaited`, which serves the other thenables. */
type Settle<R> = R extends Promise<infer V> ? V : R extends PromiseLike<unknown> ? Awaited<R> : R;
type RefableArgs<A> = { [K in keyof A]: Refable<A[K]> };
type MapArgs<A> = { [K in keyof A]: ListOrUnmapped<A[K]> };

/** What both kinds of handle have. Only `task()` makes one: an object that looks like it lacks the brand. */
export interface TaskHandle<F extends Fn> {
  readonly [TASK]: true;
  /** The plain function. */
  readonly fn: F;
  readonly name: string;
}
export interface Task<F extends Fn> extends TaskHandle<F> {
  (...args: RefableArgs<Args<F>>): Ref<Result<F>>;
  /** Once for each element; `unmapped(x)` goes whole to each. Lists of different length end with the shortest. */
  map(...args: MapArgs<Args<F>>): Mapped<Result<F>>;
  /** The same task with other options for one node: `sum.with({ upstream: [ref] })(x)`. */
  with(options: CallOptions): Task<F>;
}
/** A task with `nout`: a call gives one ref for each position. */
export interface TupleTask<F extends Fn> extends TaskHandle<F> {
  (...args: RefableArgs<Args<F>>): Refs<Result<F>>;
  map(...args: MapArgs<Args<F>>): Mapped<Result<F>>;
  with(options: CallOptions): TupleTask<F>;
}
// oxlint-disable-next-line typescript/no-explicit-any
export type AnyTask = Task<any> | TupleTask<any>;

/** What a definition and a node both have (H2). */
export interface CommonOptions {
  readonly tags?: readonly string[] | undefined;
  /** How often a failed task is tried again. */
  readonly retries?: number | undefined;
  /** The wait before each further try; only with `retries`. */
  readonly retryDelay?: Duration | undefined;
  /**
   * How long one try may take; then it is asked to stop (`context().signal`), and where it can be, it is killed. It ends as
   * TimedOut, which retries try again.
   */
  readonly timeout?: Duration | undefined;
  /** Whether it runs again where the thread or process that ran it died; without it: `"onDeath"`. */
  readonly rerun?: "onDeath" | "never" | undefined;
  /** At which death of what ran it the task fails; without it: the third. They are no retries. */
  readonly deaths?: number | undefined;
  /** When the task runs, by what became of its upstream tasks; without one: when all were successful. */
  readonly trigger?: Trigger | undefined;
  /** Whether one skipped upstream task skips this one too; without it: yes. */
  readonly skipOnUpstreamSkip?: boolean | undefined;
  /** How many children of a map run at a time. */
  readonly maxConcurrency?: number | undefined;
  /** How many elements of a map have begun and are not through all the stages mapped over it. */
  readonly maxOpenPipelines?: number | undefined;
  /**
   * What it needs of the worker on which it runs, as in `{ gpu: 1 }`: it is sent only where that much is free. It has no effect
   * in the user's own process and its threads: there is one machine, and it is taken to have all.
   */
  readonly resources?: Readonly<Record<string, number>> | undefined;
  /** It runs only on a worker that has all of these. As with `resources`, in the user's own process it has no effect. */
  readonly labels?: readonly string[] | undefined;
  /** Of what is ready in a run the highest goes first, on every executor; without it: 0. */
  readonly priority?: number | undefined;
}
export interface TaskOptions<N extends number = never> extends CommonOptions {
  /** Names of the inputs, for edges and drawings. */
  readonly args?: readonly string[] | undefined;
  /** The length of the tuple the function returns: a call then gives that many refs, `const [a, b] = pair(x)`. */
  readonly nout?: N;
}
/** One node's. */
export interface CallOptions extends CommonOptions {
  readonly name?: string | undefined;
  /** The node's own slug: its key in states and results. */
  readonly slug?: string | undefined;
  /** These must have finished first; no value is passed. */
  readonly upstream?: readonly (Ref<unknown> | PairedUpstream)[] | undefined;
}
/** `upstream: [mapped(m)]`: child i waits for child i of m only. */
export interface PairedUpstream {
  readonly [PAIRED]: true;
}

type Stream = AsyncIterable<unknown> | Iterator<unknown>;
/**
 * The handle, or a sentence that cannot be called (H1). `extends [false]`, the good case first: for a function with an
 * unresolved name in it (an error of its own) the test is `any`.
 */
export type TaskOf<F extends Fn, N extends number = never> = [IsStream<Result<F>>] extends [false]
  ? [IsRef<Result<F>>] extends [false]
    ? [N] extends [never]
      ? Task<F>
      : TupleTaskOf<F, N>
    : Invalid<"a task's function must not call a task: use its .fn">
  : Invalid<"a task returns one value, not a stream: collect it into an array">;
type TupleTaskOf<F extends Fn, N extends number> =
  Result<F> extends Tuple
    ? N extends Result<F>["length"]
      ? TupleTask<F>
      : Invalid<`nout must be ${Result<F>["length"]}: the task returns a tuple of that length`>
    : Invalid<"nout needs a task whose declared result is a tuple">;
/** `any` and `never` are neither streams nor refs. */
type IsRef<R> = unknown extends R ? false : [R] extends [never] ? false : R extends Ref<unknown> ? true : false;
type IsStream<R> = unknown extends R ? false : [R] extends [never] ? false : R extends Stream ? true : false;
