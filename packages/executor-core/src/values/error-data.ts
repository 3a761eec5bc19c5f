// Owns: making FailureData of anything that may be thrown (U1). Nothing here throws, whatever was: a getter that throws,
//       a proxy that refuses, null. Does not own: what of it leaves the process (`failure-travel`).

import type { FailureData } from "../work/failure-data.js";
import { MillraceError } from "../work/millrace-error.js";

const TEXT_MAX = 10_000;
const CAUSES_MAX = 5;
/** Errors in one failure, causes and members together: one that contains itself often would be endless. */
const ERRORS_MAX = 50;

/** What a task threw was no error. */
export class ThrownValue extends MillraceError {
  readonly thrown: unknown;

  constructor(thrown: unknown) {
    super("THREW_NO_ERROR", `the task threw ${preview(thrown)}, which is no Error: throw new Error(...) instead`);
    this.thrown = thrown;
  }
}

export const failureDataOf = (thrown: unknown): FailureData => describe(thrown, 0, { left: ERRORS_MAX });

type Budget = { left: number };

function describe(thrown: unknown, depth: number, budget: Budget): FailureData {
  if (!isError(thrown)) return describe(new ThrownValue(thrown), depth, budget);
  budget.left--;
  const name = read(() => thrown.name, "Error");
  const className = read(() => thrown.constructor.name, name);
  const message = read(() => thrown.message, "(its message cannot be read)");
  const stack = read(() => thrown.stack ?? "", "");
  const code = read(() => ("code" in thrown ? String(thrown.code) : ""), "");
  return {
    name,
    message,
    error: thrown,
    ...(className === name || className === "" ? undefined : { className }),
    ...(depth < CAUSES_MAX ? partsOf(thrown, depth + 1, budget) : undefined),
    ...(stack === "" ? undefined : { stack }),
    ...(code === "" ? undefined : { code }),
  };
}

function partsOf(
  error: Error,
  depth: number,
  budget: Budget,
): { readonly cause?: FailureData; readonly errors?: readonly FailureData[] } {
  const cause = get(() => error.cause);
  const members: unknown = get(() => (error instanceof AggregateError ? error.errors : undefined));
  return {
    ...(cause === undefined || budget.left <= 0 ? undefined : { cause: describe(cause, depth, budget) }),
    ...(Array.isArray(members) ? { errors: membersOf(members, depth, budget) } : undefined),
  };
}

function membersOf(members: readonly unknown[], depth: number, budget: Budget): readonly FailureData[] {
  const data: FailureData[] = [];
  for (let i = 0; i < members.length && budget.left > 0; i++)
    data.push(
      describe(
        get(() => members[i]),
        depth,
        budget,
      ),
    );
  return data;
}

export function isError(value: unknown): value is Error {
  try {
    return value instanceof Error;
  } catch {
    return false;
  }
}

function get<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function read(text: () => unknown, fallback: string): string {
  const value = get(text);
  return typeof value === "string" ? value.slice(0, TEXT_MAX) : fallback;
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
