// Owns: which buffers of a message move instead of being copied.

import type { Packed } from "./held.js";
import type { End } from "./wire.js";

const NONE: readonly ArrayBuffer[] = Object.freeze([]);

/** A result is nobody's but the process's: all its large buffers move. Memory that is shared stays shared. */
export function movedEnds(ends: readonly End[] | Float64Array): readonly ArrayBuffer[] {
  if (ends instanceof Float64Array) return NONE;
  let moved: ArrayBuffer[] | undefined;
  for (const end of ends) {
    if (!isPackedEnd(end)) continue;
    for (const buffer of end.beside) if (buffer instanceof ArrayBuffer) moved = [...(moved ?? NONE), buffer];
  }
  return moved ?? NONE;
}

const isPackedEnd = (end: End): end is Packed => typeof end === "object" && end !== null && "beside" in end;
