// Owns: a failure as it leaves the process, and the error that stands for it on the other side.
// T1. A failure always travels: a property that cannot is replaced by a text that says so (STATE-5).

import type { FailureData } from "../work/failure-data.js";
import { decodeValue, encodeValue } from "./codec/codec.js";
import { isAccessor } from "./codec/describe.js";
import { preview } from "./error-data.js";
import { isProxy } from "./codec/native.js";
import { hide, MillraceTaskError } from "./task-error.js";

/** Of all properties of one error. */
const FIELDS_BYTES = 65_536;
/** They have places of their own. */
const APART: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "errors"]);

/** Data alone: without the error itself, with its own properties encoded. */
export function travelling({ error, cause, errors, ...data }: FailureData): FailureData {
  const fields = error === undefined ? undefined : fieldsOf(error);
  return {
    ...data,
    ...(cause === undefined ? undefined : { cause: travelling(cause) }),
    ...(errors === undefined ? undefined : { errors: errors.map(travelling) }),
    ...(fields === undefined ? undefined : { fields }),
  };
}

/** The error itself where it was thrown in this process, else a `MillraceTaskError` like it. */
export function errorOfFailure(failure: FailureData): Error {
  if (failure.error !== undefined) return failure.error;
  const { name, message, stack, code, cause, errors, className = name } = failure;
  const error = new MillraceTaskError(message, className);
  if (code !== undefined) Object.assign(error, { code });
  if (failure.fields !== undefined) assignFields(error, failure.fields);
  hide(error, "name", name);
  // Without one of its own it would show where it was made again, which is nobody's fault.
  hide(error, "stack", stack ?? `${name}: ${message}`);
  if (cause !== undefined) hide(error, "cause", errorOfFailure(cause));
  if (errors !== undefined) hide(error, "errors", errors.map(errorOfFailure));
  return error;
}

function assignFields(error: Error, encoded: Uint8Array<ArrayBuffer>): void {
  for (const [key, value] of Object.entries(readFields(encoded))) {
    Object.defineProperty(error, key, { value, writable: true, enumerable: true, configurable: true });
  }
}

/** One of a class that this side does not know is no reason to lose the failure. */
function readFields(encoded: Uint8Array<ArrayBuffer>): object {
  try {
    return Object(decodeValue({ bytes: encoded, beside: [] }));
  } catch (reason) {
    return { fields: `(they could not be read here: ${reason instanceof Error ? reason.message : String(reason)})` };
  }
}

function fieldsOf(error: Error): Uint8Array<ArrayBuffer> | undefined {
  if (isProxy(error)) return undefined;
  const fields = new Map<string, unknown>();
  let left = FIELDS_BYTES;
  // Key by key: the engine makes the stack when its property is looked at, and asks the error for its message then.
  for (const key of Object.keys(error)) {
    const property = APART.has(key) ? undefined : Object.getOwnPropertyDescriptor(error, key);
    if (property === undefined) continue;
    const value: unknown = property.value;
    const size = isAccessor(property) ? undefined : sizeOf(value, left);
    left -= size ?? 0;
    const what = isAccessor(property) ? "an accessor" : preview(value);
    fields.set(key, size === undefined ? `(${what}, which could not leave the process)` : value);
  }
  return fields.size === 0 ? undefined : encodeValue(Object.fromEntries(fields)).bytes;
}

/** Undefined: it cannot travel, or is too large. Buffers beside would have no place. */
function sizeOf(value: unknown, maxBytes: number): number | undefined {
  try {
    const { bytes, beside } = encodeValue(value, { caps: { maxBytes, maxNodes: maxBytes, maxDepth: 100 } });
    return beside.length === 0 ? bytes.length : undefined;
  } catch {
    return undefined;
  }
}
