// Owns: one call of `then` on a future that is still open: the promise it gives, and how the handlers are called.
// R1. One promise for each `then`, and no more: the promise is resolved with the reaction itself, so that the engine calls the
//     reaction's `then` in a job of its own, in the context in which the promise was made, and the handlers from there.
// The engine calls nothing of it but `then`, and the value has the type that the task's function gives it: the casts.

import type { ValueReader } from "../run/executor.js";

type Handler<In, Out> = ((value: In) => Out | PromiseLike<Out>) | null | undefined;

export class Reaction<T, A, B> implements ValueReader, PromiseLike<A | B> {
  readonly promise: Promise<A | B>;
  private readonly onResolved: Handler<T, A>;
  private readonly onRejected: Handler<unknown, B>;
  private begin: (reaction: PromiseLike<A | B>) => void = () => undefined;
  private isRejected = false;
  private outcome: unknown = undefined;

  constructor(onResolved: Handler<T, A>, onRejected: Handler<unknown, B>) {
    this.onResolved = onResolved;
    this.onRejected = onRejected;
    this.promise = new Promise((resolve) => {
      this.begin = resolve;
    });
  }

  resolve(value: unknown): void {
    this.outcome = value;
    this.begin(this);
  }

  reject(error: unknown): void {
    this.isRejected = true;
    this.resolve(error);
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then(resolve: unknown, reject: unknown): never {
    const { onResolved, onRejected, outcome } = this;
    const settle = (this.isRejected && typeof onRejected !== "function" ? reject : resolve) as (
      value: unknown,
    ) => never;
    if (this.isRejected) return settle(typeof onRejected === "function" ? onRejected(outcome) : outcome);
    return settle(typeof onResolved === "function" ? onResolved(outcome as T) : outcome);
  }
}
