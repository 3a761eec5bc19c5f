// Owns: Standard Schema as far as it is read here, and what a flow's `params` say of the types of its input.
// Does not own: checking a value (`params`).

import type { Ref } from "./ref-types.js";

/** Version 1 of Standard Schema, of which zod, valibot and arktype are. */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}
export type SchemaInput<S extends StandardSchemaV1> = NonNullable<S["~standard"]["types"]>["input"];
export type SchemaOutput<S extends StandardSchemaV1> = NonNullable<S["~standard"]["types"]>["output"];

export declare const PARAM: unique symbol;
/** `param<string[]>()` is required; `param(3)` is optional and has a default. */
export interface Param<out T, out Required extends boolean> {
  readonly [PARAM]: T;
  readonly required: Required;
}

/** One schema for all parameters together, or a record whose fields are `param()` or a schema each. */
export type ParamsSpec =
  | StandardSchemaV1<unknown, object>
  | { readonly [name: string]: Param<unknown, boolean> | StandardSchemaV1 };
type FieldIn<P> = P extends Param<infer T, boolean> ? T : P extends StandardSchemaV1 ? SchemaInput<P> : never;
type FieldOut<P> = P extends Param<infer T, boolean> ? T : P extends StandardSchemaV1 ? SchemaOutput<P> : never;
type OptionalKeys<S> = { [K in keyof S]: IsOptional<S[K]> extends true ? K : never }[keyof S];
type IsOptional<P> =
  P extends Param<unknown, infer Required>
    ? Required extends false
      ? true
      : false
    : undefined extends FieldIn<P>
      ? true
      : false;
/** `& {}`: else errors print the name of this type instead of the properties. */
type Simplify<T> = { [K in keyof T]: T[K] } & {};
type RecordIn<S> = Simplify<
  { -readonly [K in Exclude<keyof S, OptionalKeys<S>>]: FieldIn<S[K]> } & {
    -readonly [K in OptionalKeys<S>]?: FieldIn<S[K]>;
  }
>;
/** What `run` takes. */
export type ParamsIn<S> = S extends StandardSchemaV1 ? SchemaInput<S> : RecordIn<S>;
/** What tasks get. */
export type ParamsOut<S> = S extends StandardSchemaV1 ? SchemaOutput<S> : { -readonly [K in keyof S]: FieldOut<S[K]> };
/** One ref for each parameter, with the type the schema gives out; always there, even where its value may not be. */
export type ParamRefs<T> = { readonly [K in keyof T]-?: Ref<T[K]> };
