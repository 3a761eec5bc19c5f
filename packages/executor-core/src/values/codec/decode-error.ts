// Owns: making errors again.

import { AGGREGATE_CODE, ERROR_CLASSES } from "./constructors.js";
import type { Decoder } from "./decoder.js";
import { malformed } from "./value-errors.js";

/** Without anything of its own yet. Throws `VALUE_MALFORMED`. */
export function makeError(code: number): Error {
  const Kind = ERROR_CLASSES[code];
  if (Kind === undefined && code !== AGGREGATE_CODE) throw malformed("an error is of no known kind");
  const limit = Error.stackTraceLimit;
  // Its stack is thrown away: it takes longer to make than all the rest.
  Error.stackTraceLimit = 0;
  const error: Error = Kind === undefined ? new AggregateError([]) : new Kind();
  Error.stackTraceLimit = limit;
  for (const key of Object.getOwnPropertyNames(error)) Reflect.deleteProperty(error, key);
  return error;
}

export function fillError(decoder: Decoder, error: object): object {
  for (let left = decoder.count(3); left > 0; left--) {
    const name = decoder.text();
    const isEnumerable = decoder.u8() === 1;
    const value = decoder.value();
    Object.defineProperty(error, name, { value, writable: true, enumerable: isEnumerable, configurable: true });
  }
  return error;
}
