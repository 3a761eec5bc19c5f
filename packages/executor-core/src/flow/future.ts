// Owns: a future: what it came to, and who waits for it.
// Does not own: when it is over and what it then is (`pool-run`).
// F1. It is settled once. The native promise is made when somebody first calls `then`: a rejection nobody looked at is no
//     unhandled one. Handlers are that promise's: in which context they run is the engine's to say, and each does it its way.
//     A promise's own resolving functions, as `await` and `Promise.all` hand them over, run nothing: they need no promise.
// F2. A task that waits for what needs its own result is told so: neither would end. A handler of its own makes nobody wait.
// F3. `resolve` and `reject` are for the pool; the type that users see has neither.
// The value has the type that the task's function gives it: the casts.

import type { ValueReader } from "../run/executor.js";
import type { NodeId } from "../work/ids.js";
import { InternalError } from "../work/millrace-error.js";
import { Handled, isResolver, isWait, looksLikeResolver } from "./handlers.js";
import { FutureCancelled } from "./pool-errors.js";
import type { Future, FUTURE, MappedFuture } from "./pool-types.js";
import type { LiveState } from "./run-types.js";
import type { Settled } from "./settled-types.js";
import { endOf } from "./task-states.js";

/** What a future needs of its pool. */
export interface FutureOwner {
  /** Settles it as soon as it is over, maybe at once. */
  await(future: FutureHandle<unknown>): void;
  /** Somebody waits: in a task of the pool's executor its slot is another's until the future is settled. */
  lendUntil(future: FutureHandle<unknown>): void;
  /** Why the caller, a task that the future needs, must not wait for it. */
  waitsForItself(node: NodeId): Error | undefined;
  cancel(node: NodeId, reason: string): boolean;
  stateOf(node: NodeId): LiveState;
  slugOf(node: NodeId): string;
  /** What became of one that has rejected. */
  unsuccessful(node: NodeId, error: unknown): Settled<never>;
  elements(node: NodeId): AsyncIterator<unknown>;
}

const OPEN = 0;
const RESOLVED = 1;
const REJECTED = 2;
const INSPECT = Symbol.for("nodejs.util.inspect.custom");

export class FutureHandle<T> implements Future<T>, ValueReader {
  declare readonly [FUTURE]: T;
  readonly owner: FutureOwner;
  readonly node: NodeId;
  private status = OPEN;
  private outcome: unknown = undefined;
  private promise: Promise<T> | undefined = undefined;
  private waiters: ValueReader | ValueReader[] | undefined = undefined;

  constructor(owner: FutureOwner, node: NodeId) {
    this.owner = owner;
    this.node = node;
  }

  get [Symbol.toStringTag](): string {
    return "Future";
  }

  get state(): LiveState {
    const state = this.owner.stateOf(this.node);
    // The pool may have settled it while its task goes on (kill), or where it never came to run.
    if (this.status !== REJECTED || endOf(state) !== undefined) return state;
    return this.outcome instanceof FutureCancelled ? "Cancelled" : "Failed";
  }

  cancel(reason = "cancelled by the caller"): boolean {
    return this.status === OPEN && this.owner.cancel(this.node, reason);
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<A = T, B = never>(
    onResolved?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    const deadlock = this.deadlock();
    if (deadlock !== undefined && isWait(onResolved)) return Promise.reject<T>(deadlock).then(onResolved, onRejected);
    if (this.status === OPEN && isResolver(onResolved) && looksLikeResolver(onRejected)) {
      const handled = new Handled(onResolved, onRejected);
      this.enter(handled);
      return handled;
    }
    if (this.promise === undefined) this.promise = new Promise<T>((resolve, reject) => this.enter({ resolve, reject }));
    else if (this.status === OPEN) this.owner.lendUntil(this);
    return this.promise.then(onResolved, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<T | B> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<T> {
    return this.then().finally(onFinally);
  }

  /** Tells `reader` once; maybe inside the call. In a task that it needs it rejects with `WAITS_FOR_ITSELF`. */
  wait(reader: ValueReader): void {
    const deadlock = this.deadlock();
    if (deadlock === undefined) this.enter(reader);
    else reader.reject(deadlock);
  }

  /** Why the caller must not wait for it, if so. */
  deadlock(): Error | undefined {
    return this.status === OPEN ? this.owner.waitsForItself(this.node) : undefined;
  }

  private enter(reader: ValueReader): void {
    if (this.status === RESOLVED) return reader.resolve(this.outcome);
    if (this.status === REJECTED) return reader.reject(this.outcome);
    const isFirst = this.waiters === undefined;
    this.addWaiter(reader);
    if (isFirst) this.owner.await(this);
    if (this.status === OPEN) this.owner.lendUntil(this);
  }

  /** Of a future that is waited for already. */
  addWaiter(reader: ValueReader): void {
    if (this.waiters === undefined) this.waiters = reader;
    else if (Array.isArray(this.waiters)) this.waiters.push(reader);
    else this.waiters = [this.waiters, reader];
  }

  /** What became of it. */
  settled(): Settled<T> {
    if (this.status === OPEN) throw new InternalError("a future is asked what it came to before it is over");
    if (this.status === REJECTED) return this.owner.unsuccessful(this.node, this.outcome);
    const state = this.state === "Mapped" ? "Mapped" : "Success";
    return { status: "success", state, value: this.outcome as T };
  }

  resolve(value: unknown): void {
    this.settle(RESOLVED, value);
  }

  reject(error: unknown): void {
    this.settle(REJECTED, error);
  }

  private settle(status: typeof RESOLVED | typeof REJECTED, outcome: unknown): void {
    this.status = status;
    this.outcome = outcome;
    const { waiters } = this;
    this.waiters = undefined;
    if (Array.isArray(waiters)) for (const waiter of waiters) this.tell(waiter);
    else if (waiters !== undefined) this.tell(waiters);
  }

  private tell(reader: ValueReader): void {
    if (this.status === RESOLVED) reader.resolve(this.outcome);
    else reader.reject(this.outcome);
  }

  [INSPECT](): string {
    return `Future (${this.owner.slugOf(this.node)}, ${this.state})`;
  }
}

export class MappedFutureHandle<T> extends FutureHandle<T[]> implements MappedFuture<T> {
  [Symbol.asyncIterator](): AsyncIterator<T> {
    const deadlock = this.deadlock();
    if (deadlock !== undefined) throw deadlock;
    return this.owner.elements(this.node) as AsyncIterator<T>;
  }
}
