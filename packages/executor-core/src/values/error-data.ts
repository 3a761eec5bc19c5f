// Owns: making FailureData of anything that may be thrown (U1). Nothing here throws, whatever was: a getter that throws,
// a proxy that refuses, null.

import type { FailureData } from "../work/failure-data.js";
import { MillraceError } from "../work/millrace-error.js";

const TEXT_MAX = 10_000;

/** What a task threw was no error. */
export class ThrownValue extends MillraceError {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super("THREW_NO_ERROR", `the task threw ${preview(thrown)}, which is no Error: throw new Error(...) instead`);
    this.thrown = thrown;
  }
}

const CAUSES_MAX = 5;

export function failureDataOf(thrown: unknown, depth = 0): FailureData {
  if (!isError(thrown)) return failureDataOf(new ThrownValue(thrown), depth);
  const name = read(() => thrown.name, "Error");
  const message = read(() => thrown.message, "(its message cannot be read)");
  const stack = read(() => thrown.stack ?? "", "");
  const code = read(() => ("code" in thrown ? String(thrown.code) : ""), "");
  const cause = depth < CAUSES_MAX ? causeOf(thrown) : undefined;
  return {
    name,
    message,
    error: thrown,
    ...(cause === undefined ? undefined : { cause: failureDataOf(cause, depth + 1) }),
    ...(stack === "" ? undefined : { stack }),
    ...(code === "" ? undefined : { code }),
  };
}

/** The error itself where it was thrown in this process, else one like it. */
export function errorOfFailure(failure: FailureData): Error {
  if (failure.error !== undefined) return failure.error;
  const error = new Error(failure.message);
  error.name = failure.name;
  return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
}

function causeOf(error: Error): unknown {
  try {
    return error.cause;
  } catch {
    return undefined;
  }
}

function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function read(get: () => unknown, fallback: string): string {
  try {
    const text = get();
    return typeof text === "string" ? text.slice(0, TEXT_MAX) : fallback;
  } catch {
    return fallback;
  }
}

/** A short description of a value, safe to make of anything. */
export function preview(value: unknown): string {
  switch (typeof value) {
    case "string":
      return `the string ${JSON.stringify(value.length > 200 ? `${value.slice(0, 200)}...` : value)}`;
    case "object":
      return value === null ? "null" : "an object";
    case "function":
      return "a function";
    case "undefined":
      return "undefined";
    default:
      return `the ${typeof value} ${String(value)}`;
  }
}
