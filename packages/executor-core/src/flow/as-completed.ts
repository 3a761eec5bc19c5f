// Owns: what became of futures, in the order in which they end.

import type { ValueReader } from "../run/executor.js";
import { FutureHandle } from "./future.js";
import { kindOf } from "./node-ref.js";
import { PoolError } from "./pool-errors.js";
import type { Completed, Future, ValueOf } from "./pool-types.js";

/** `index` is the place in the list. A future that failed ends nothing: what became of it is an entry like any other. */
export function asCompleted<F extends Future<unknown>>(futures: Iterable<F>): AsyncIterable<Completed<ValueOf<F>>> {
  const list: FutureHandle<ValueOf<F>>[] = [];
  for (const future of futures) {
    if (isHandle<ValueOf<F>>(future)) list.push(future);
    else
      throw new PoolError("NOT_A_FUTURE", `asCompleted() was given ${kindOf(future)}: give what submit and map return`);
  }
  return { [Symbol.asyncIterator]: () => new CompletedIterator(list) };
}

function isHandle<T>(value: unknown): value is FutureHandle<T> {
  return value instanceof FutureHandle;
}

type Next<T> = IteratorResult<Completed<T>, undefined>;

class CompletedIterator<T> implements AsyncIterator<Completed<T>, undefined> {
  private left: number;
  /** Of futures that have ended and were not taken. */
  private readonly ended: number[] = [];
  private taken = 0;
  private readonly asked: ((next: Next<T>) => void)[] = [];
  private readonly futures: readonly FutureHandle<T>[];

  constructor(futures: readonly FutureHandle<T>[]) {
    for (const future of futures) {
      const deadlock = future.deadlock();
      if (deadlock !== undefined) throw deadlock;
    }
    this.futures = futures;
    this.left = futures.length;
    for (const [index, future] of futures.entries()) future.wait(this.readerOf(index));
  }

  next(): Promise<Next<T>> {
    return new Promise((resolve) => {
      this.asked.push(resolve);
      this.answer();
    });
  }

  return(): Promise<Next<T>> {
    this.left = 0;
    this.answer();
    return Promise.resolve({ done: true, value: undefined });
  }

  private readerOf(index: number): ValueReader {
    const note = (): void => {
      this.ended.push(index);
      this.answer();
    };
    return { resolve: note, reject: note };
  }

  private answer(): void {
    while (this.asked.length > 0) {
      if (this.left === 0) for (const resolve of this.asked.splice(0)) resolve({ done: true, value: undefined });
      const index = this.ended[this.taken];
      const future = index === undefined ? undefined : this.futures[index];
      if (index === undefined || future === undefined) return;
      this.taken++;
      this.left--;
      this.asked.shift()?.({ done: false, value: { ...future.settled(), index } });
    }
  }
}
