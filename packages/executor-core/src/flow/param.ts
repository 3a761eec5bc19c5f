// Owns: `param`, the plain way to declare a parameter: its type, or its default.

import { PARAM_BRAND } from "./brands.js";
import type { PARAM, Param } from "./schema-types.js";

/** Fits every `Param<T, ...>`: what its type is, is known to the compiler only. */
export class ParamField<Required extends boolean> {
  declare readonly [PARAM]: never;
  readonly [PARAM_BRAND] = true;
  readonly required: Required;
  readonly defaultValue: unknown;

  constructor(required: Required, defaultValue: unknown) {
    this.required = required;
    this.defaultValue = defaultValue;
  }
}

export function param<T>(): Param<T, true>;
export function param<T>(defaultValue: T): Param<T, false>;
export function param(...given: readonly unknown[]): unknown {
  return new ParamField(given.length === 0, given[0]);
}
