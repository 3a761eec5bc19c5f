// Owns: failures, states as data and retries as fields of messages. An error itself never travels: its data does.

import type { FailureData, Retry, RetryPolicy, Rerun, StateData } from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { bool, bytes, type Field, optional, span, uint, words } from "./fields.js";
import { FAILURE_DEPTH_MAX, ROWS_MAX } from "./limits.js";
import { choice, shape } from "./shapes.js";

const optionalWords = optional(words);
const optionalBytes = optional(bytes);

export const failure: Field<FailureData> = {
  says: "failure",
  write: (out, given) => writeFailure(out, given, 0),
  read: (from) => readFailure(from, 0),
};

/** What is nested deeper than that is left out. */
function writeFailure(out: ByteWriter, given: FailureData, depth: number): void {
  words.write(out, given.name);
  words.write(out, given.message);
  optionalWords.write(out, given.className);
  optionalWords.write(out, given.code);
  optionalWords.write(out, given.stack);
  optionalBytes.write(out, given.fields);
  const isDeep = depth === FAILURE_DEPTH_MAX;
  const cause = isDeep ? undefined : given.cause;
  bool.write(out, cause !== undefined);
  if (cause !== undefined) writeFailure(out, cause, depth + 1);
  const errors = isDeep ? undefined : given.errors;
  bool.write(out, errors !== undefined);
  if (errors !== undefined) out.varint(errors.length);
  for (const error of errors ?? []) writeFailure(out, error, depth + 1);
}

function readFailure(from: ByteReader, depth: number): FailureData {
  if (depth > FAILURE_DEPTH_MAX) throw from.fail("a failure is nested too deep");
  const [name, message] = [words.read(from), words.read(from)];
  const [className, code, stack] = [optionalWords.read(from), optionalWords.read(from), optionalWords.read(from)];
  const fields = optionalBytes.read(from);
  const cause = bool.read(from) ? readFailure(from, depth + 1) : undefined;
  const errors = readErrors(from, depth);
  return {
    name,
    message,
    ...(className !== undefined && { className }),
    ...(code !== undefined && { code }),
    ...(stack !== undefined && { stack }),
    ...(cause !== undefined && { cause }),
    ...(errors !== undefined && { errors }),
    // A copy: a failure is kept longer than its frame.
    ...(fields !== undefined && { fields: Uint8Array.from(fields) }),
  };
}

function readErrors(from: ByteReader, depth: number): readonly FailureData[] | undefined {
  if (!bool.read(from)) return undefined;
  const count = from.count(ROWS_MAX, 1);
  const errors: FailureData[] = [];
  for (let i = 0; i < count; i++) errors.push(readFailure(from, depth + 1));
  return errors;
}

export const stateData: Field<StateData> = choice("state", {
  Success: {},
  Mapped: {},
  Failed: { failure },
  TimedOut: { failure },
  TriggerFailed: { failure },
  Cancelled: { failure },
  Skipped: { raised: bool, reason: words },
});

const delay = shape({ delayMs: span });
export const retry: Field<Retry> = {
  says: "retry",
  write: (out, given) => {
    bool.write(out, given !== "no");
    if (given !== "no") delay.write(out, given);
  },
  read: (from) => (bool.read(from) ? delay.read(from) : "no"),
};

export const retryPolicy: Field<RetryPolicy> = shape({ retries: uint, delayMs: span });

const deaths = shape({ deaths: uint });
export const rerun: Field<Rerun> = {
  says: "rerun",
  write: (out, given) => {
    bool.write(out, given !== "never");
    if (given !== "never") deaths.write(out, given);
  },
  read: (from) => (bool.read(from) ? deaths.read(from) : "never"),
};
