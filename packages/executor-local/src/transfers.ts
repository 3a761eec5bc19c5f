// Owns: which buffers of a message move instead of being copied.

import type { Packed } from "./held.js";
import type { End } from "./wire.js";

/** A result is nobody's but the process's: all its large buffers move. Memory that is shared stays shared. */
export function movedEnds(ends: readonly End[]): readonly ArrayBuffer[] {
  return ends.flatMap((end) => (isPackedEnd(end) ? end.beside.filter(isOwned) : []));
}

const isPackedEnd = (end: End): end is Packed => typeof end === "object" && end !== null && "beside" in end;
const isOwned = (buffer: ArrayBuffer | SharedArrayBuffer): buffer is ArrayBuffer => buffer instanceof ArrayBuffer;
