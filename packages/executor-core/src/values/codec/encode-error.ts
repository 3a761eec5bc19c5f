// Owns: writing errors: all that is enumerable on one, and what every error has (`CARRIED`).
// R1. Other properties that are not enumerable are an engine's or a library's own, and stay behind.

import { anAccessor, isAccessor } from "./describe.js";
import type { Encoder } from "./encoder.js";
import { TAG } from "./format.js";

const CARRIED: ReadonlySet<string> = new Set(["message", "name", "stack", "cause", "errors"]);

export function writeError(encoder: Encoder, error: object, code: number): void {
  const { out } = encoder;
  const names = Object.getOwnPropertyNames(error).filter((name) => CARRIED.has(name) || isEnumerable(error, name));
  out.reserve(12);
  out.u8(TAG.error);
  out.u8(code);
  out.varint(names.length);
  encoder.countNodes(names.length);
  for (const name of names) {
    encoder.text(name);
    out.reserve(1);
    out.u8(isEnumerable(error, name) ? 1 : 0);
    encoder.part(name, fieldOf(encoder, error, name));
  }
}

const isEnumerable = (error: object, name: string): boolean => Object.prototype.propertyIsEnumerable.call(error, name);

function fieldOf(encoder: Encoder, error: object, name: string): unknown {
  if (name === "stack") return stackOf(encoder, error);
  const property = Object.getOwnPropertyDescriptor(error, name);
  if (property === undefined || isAccessor(property)) return encoder.refuseHere(anAccessor, name);
  return property.value;
}

/** Its text is made when it is first read, which runs Error.prepareStackTrace and may throw. */
function stackOf(encoder: Encoder, error: object): unknown {
  try {
    return Reflect.get(error, "stack");
  } catch {
    return encoder.refuseHere(anAccessor, "stack");
  }
}
