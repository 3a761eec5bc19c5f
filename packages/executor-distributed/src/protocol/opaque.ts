// Owns: an encoded value that nobody on the way reads: some bytes of somebody's memory.
// O1. It is a view: as long as it is held, all of the memory is (a frame's slab, say). `copy` lets go of the rest.

import { encodeValue } from "@millrace/core/pure";
import { ProtocolError } from "./protocol-error.js";

export class Opaque {
  readonly memory: Uint8Array;
  readonly from: number;
  readonly end: number;

  constructor(memory: Uint8Array, from = 0, end = memory.length) {
    this.memory = memory;
    this.from = from;
    this.end = end;
  }

  get bytes(): Uint8Array {
    return this.memory.subarray(this.from, this.end);
  }

  copy(): Opaque {
    return new Opaque(this.memory.slice(this.from, this.end));
  }
}

/** As it travels: what is opaque already stays so. Undefined: it has large buffers, and must be `put`. */
export function opaqueOf(value: unknown): Opaque | undefined {
  if (value instanceof Opaque) return value;
  const { bytes, beside } = encodeValue(value);
  return beside.length === 0 ? new Opaque(bytes) : undefined;
}

/** Of a value that stands in a tree or a message. */
export function inlineOf(value: unknown): Opaque {
  const opaque = opaqueOf(value);
  if (opaque !== undefined) return opaque;
  throw new ProtocolError("FRAME_TOO_LARGE", "a value with large buffers cannot ride inline: put it, and name it");
}
