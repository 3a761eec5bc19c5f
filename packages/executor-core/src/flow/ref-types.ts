// Owns: the types of refs (results that do not exist yet) and of the places inside arguments where a ref may stand.
// Does not own: the objects behind them (`node-ref`); which calls take them (`task-types`, `parts`, `branches`).
// P1. A ref has symbol members only and its brand is required: a string member would weaken excess-property checks, and
//     without a required one a plain `{}` would be a ref.
// P2. An argument has two forms, a ref or the value with refs inside. A third for the bare value would make the compiler
//     explain mistakes against it.

export declare const VALUE: unique symbol;
export declare const MAPPED: unique symbol;
export declare const UNMAPPED: unique symbol;
declare const ERROR: unique symbol;

/** The result of a task that has not run yet. */
export interface Ref<out T> {
  readonly [VALUE]: T;
}
/** The result of a mapped call: one value for each element. Fits wherever `T[]` fits. */
export interface Mapped<out T> extends Ref<T[]> {
  readonly [MAPPED]: true;
}
/** `unmapped(x)`: the whole of x goes to every child. */
export interface Unmapped<out T> {
  readonly [UNMAPPED]: T;
}
/** Nothing is assignable to it: a compile error whose first line says why. */
export interface Invalid<Message extends string> {
  readonly [ERROR]: Message;
}

export type Primitive = string | number | bigint | boolean | symbol | null | undefined | void;
export type Tuple = readonly [unknown, ...unknown[]];
/**
 * Any function. Two different signatures on purpose: a function expression then gets no contextual signature from the
 * constraint, so a parameter without a type is the familiar TS7006 (not a silent `any`, `never` or `unknown`) and
 * `(n = 3)` is a number.
 */
export type Fn = ((...args: never[]) => unknown) | ((first: never, ...rest: never[]) => unknown);
/**
 * Values that are one piece: nothing is looked for inside them. Names from the ES library only: with a global that the
 * user's project lacks (URL, Blob, Request) the conditional type below becomes `any`, and no argument is checked any
 * more, in silence.
 */
export type Leaf =
  | Primitive
  | Fn
  | Date
  | RegExp
  | Error
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>
  | ArrayBufferLike
  | ArrayBufferView
  | PromiseLike<unknown>;

/** A `Ref<T>`, or `T` with refs anywhere inside its arrays, tuples and plain objects (P2). */
export type Refable<T> = Ref<T> | RefInside<T>;
/** An array type in a branch is resolved lazily: recursive types (JSON) work. */
type RefInside<T> = T extends Leaf
  ? T
  : T extends readonly (infer U)[]
    ? readonly U[] extends T
      ? readonly Refable<U>[]
      : U[] extends T
        ? Refable<U>[]
        : RefTuple<T>
    : IsPlain<T> extends true
      ? { [K in keyof T]: Refable<T[K]> }
      : T;
/**
 * A tuple keeps positions, optional and rest elements. The written-out lengths are there because a mapped tuple
 * resolves its elements at once, so that `type Expr = ["add", Expr, Expr] | ["num", number]` would be TS2589.
 */
type RefTuple<T extends readonly unknown[]> = T extends [infer A, infer B]
  ? [Refable<A>, Refable<B>]
  : T extends [infer A, infer B, infer C]
    ? [Refable<A>, Refable<B>, Refable<C>]
    : T extends [infer A, infer B, infer C, infer D]
      ? [Refable<A>, Refable<B>, Refable<C>, Refable<D>]
      : T extends readonly [infer A, infer B]
        ? readonly [Refable<A>, Refable<B>]
        : T extends readonly [infer A, infer B, infer C]
          ? readonly [Refable<A>, Refable<B>, Refable<C>]
          : T extends readonly [infer A, infer B, infer C, infer D]
            ? readonly [Refable<A>, Refable<B>, Refable<C>, Refable<D>]
            : { [K in keyof T]: Refable<T[K]> };
/** False for `unknown`, and for a class with private or protected members: its public half is not assignable to it. */
export type IsPlain<T> = unknown extends T ? false : { [K in keyof T]: T[K] } extends T ? true : false;

/** One value for each element, or `unmapped(value)`. */
export type ListOrUnmapped<T> = Refable<readonly T[]> | Unmapped<Refable<T>>;
/** One ref for each position of a tuple. */
export type Refs<T> = { readonly [K in keyof T]: Ref<T[K]> };

/** What a function that builds graph returned, with every ref replaced by its value. */
export type Unref<T> =
  T extends Ref<infer V>
    ? V
    : T extends Leaf
      ? T
      : T extends readonly (infer U)[]
        ? number extends T["length"]
          ? Unref<U>[]
          : { -readonly [K in keyof T]: Unref<T[K]> }
        : IsPlain<T> extends true
          ? { -readonly [K in keyof T]: Unref<T[K]> }
          : T;
export type NotAsync<R> =
  R extends PromiseLike<unknown>
    ? Invalid<"this function builds the graph and must not be async: move the work into a task">
    : unknown;
