// Owns: what a user wraps around an argument or an upstream task to say how it goes to a map's children.

import { kindOf } from "./node-ref.js";
import type { Mapped, UNMAPPED, Unmapped } from "./ref-types.js";
import type { PAIRED, PairedUpstream } from "./task-types.js";

const UNMAPPED_BRAND = Symbol.for("millrace/1/unmapped");
const PAIRED_BRAND = Symbol.for("millrace/1/paired");

export class UnmappedArgument {
  declare readonly [UNMAPPED]: never;
  readonly [UNMAPPED_BRAND] = true;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

export class PairedRef {
  declare readonly [PAIRED]: true;
  readonly [PAIRED_BRAND] = true;
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/** In a mapped call: the whole of `value` goes to every child. */
export function unmapped<T>(value: T): Unmapped<T> {
  return new UnmappedArgument(value);
}

/** `upstream: [mapped(m)]` on a mapped call: child i waits for child i of m only. */
export function mapped(upstream: Mapped<unknown>): PairedUpstream {
  return new PairedRef(upstream);
}

/** Why an annotation has no place in a plain argument, or undefined if `value` is none. */
export function misplacedAnnotation(value: object): string | undefined {
  if (UNMAPPED_BRAND in value) {
    const inner = "value" in value ? kindOf(value.value) : "a value";
    return `is unmapped(${inner}), which stands only as a whole argument of .map(...): pass the value itself`;
  }
  if (PAIRED_BRAND in value) return "is mapped(...), which stands only in the option upstream of a mapped call";
  return undefined;
}
