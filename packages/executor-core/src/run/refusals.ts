// Owns: why a value cannot be had, as the error that its reader gets.

import type { FetchRefusal } from "../scheduler/effects.js";
import { MillraceError } from "../work/millrace-error.js";
import type { ValueReader } from "./executor.js";
import { ResultMissing, ResultReleased } from "./result-errors.js";

export function refuse(reader: ValueReader | undefined, refusal: FetchRefusal): void {
  if (reader?.refuse === undefined) reader?.reject(refusalError(refusal));
  else reader.refuse(refusal);
}

export function refusalError(refusal: FetchRefusal): Error {
  switch (refusal.why) {
    case "noValue":
      return new ResultMissing(refusal.slug, refusal.state, refusal.failure);
    case "released":
      return new ResultReleased(refusal.slug);
    case "failed":
      return new MillraceError("RESULT_UNREADABLE", `the result cannot be read: ${refusal.failure.message}`, {
        cause: refusal.failure.error,
      });
    case "lost":
      return new MillraceError("VALUE_LOST", refusal.failure.message);
    default:
      return refusal satisfies never;
  }
}
