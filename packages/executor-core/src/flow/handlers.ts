// Owns: whose the handlers are that somebody gives to a future: a promise's own resolving functions, or user code.
// H1. Resolving functions have no name and one parameter, and come in pairs. Functions that were bound have a name.
// H2. What stands for `then`'s promise has a `then` itself: it is one as soon as somebody looks.

import type { ValueReader } from "../run/executor.js";

const isNative = (handler: object): boolean => Function.prototype.toString.call(handler).includes("[native code]");

/** As `await` and `Promise.all` hand them over, in pairs: the first one is looked at closely. */
export function isResolver<F>(handler: F | null | undefined): handler is F {
  return looksLikeResolver(handler) && isNative(handler);
}

export function looksLikeResolver<F>(handler: F | null | undefined): handler is F & object {
  return typeof handler === "function" && handler.length === 1 && handler.name === "";
}

/** Whoever gives no handler of its own waits. */
export const isWait = (handler: unknown): boolean => typeof handler !== "function" || isNative(handler);

type Handler<V, R> = (value: V) => R | PromiseLike<R>;

/**
 * Tells two resolving functions, which run no user code, and is what `then` gives for them: hardly anybody looks at that,
 * so it is a promise only when somebody does.
 */
export class Handled<T, A, B> implements Promise<A | B>, ValueReader {
  private readonly onResolved: Handler<T, A>;
  private readonly onRejected: Handler<unknown, B>;
  private isOver = false;
  private returned!: A | B | PromiseLike<A | B>;
  private promise: Promise<A | B> | undefined = undefined;
  private settle: ((returned: A | B | PromiseLike<A | B>) => void) | undefined = undefined;

  constructor(onResolved: Handler<T, A>, onRejected: Handler<unknown, B>) {
    this.onResolved = onResolved;
    this.onRejected = onRejected;
  }

  get [Symbol.toStringTag](): string {
    return "Promise";
  }

  resolve(value: T): void {
    this.end(this.onResolved(value));
  }

  reject(error: unknown): void {
    this.end(this.onRejected(error));
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<C = A | B, D = never>(
    onResolved?: Handler<A | B, C> | null,
    onRejected?: Handler<unknown, D> | null,
  ): Promise<C | D> {
    this.promise ??= this.isOver
      ? Promise.resolve(this.returned)
      : new Promise((settle) => {
          this.settle = settle;
        });
    return this.promise.then(onResolved, onRejected);
  }

  catch<D = never>(onRejected?: Handler<unknown, D> | null): Promise<A | B | D> {
    return this.then(undefined, onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<A | B> {
    return this.then().finally(onFinally);
  }

  private end(returned: A | B | PromiseLike<A | B>): void {
    this.isOver = true;
    this.returned = returned;
    this.settle?.(returned);
  }
}
