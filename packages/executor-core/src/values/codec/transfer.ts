// Owns: which buffers their owner gives up when they travel (`transfer`).

import { MillraceError } from "../../work/millrace-error.js";
import { isAnyArrayBuffer, isArrayBufferView, isSharedArrayBuffer } from "./native.js";

const givenUp = new WeakSet<object>();

/**
 * Says that the memory of a buffer, or of the one that a typed array looks at, may be moved instead of copied when it leaves
 * the process or the thread: it is empty (`byteLength` 0) afterwards, as are all other views of it. Returns its argument, so
 * `return transfer(pixels)` reads well. An executor that passes values by reference moves nothing.
 * Throws `NOT_TRANSFERABLE`: only an ArrayBuffer that is not shared can be given up.
 */
export function transfer<T extends ArrayBuffer | ArrayBufferView>(value: T): T {
  const buffer: unknown = isArrayBufferView(value) ? value.buffer : value;
  if (!isAnyArrayBuffer(buffer) || isSharedArrayBuffer(buffer)) {
    const advice = "a SharedArrayBuffer is shared anyway, anything else is copied: pass it without transfer()";
    throw new MillraceError("NOT_TRANSFERABLE", `transfer() takes an ArrayBuffer or a view of one: ${advice}`);
  }
  givenUp.add(buffer);
  return value;
}

export const isGivenUp = (buffer: object): boolean => givenUp.has(buffer);
