// Owns: how an attempt ended, as it leaves the worker's process: data that a frame has room for, whatever the user's code gave.

import { encodeValue, type FailureData, failureDataOf, type OutcomeEnd, travelling } from "@millrace/core/seam";
import { Opaque } from "../protocol/opaque.js";

/** Of the value that `loop` hands to the next iteration, encoded: the scheduler keeps it. */
const LOOP_BYTES_MAX = 65_536;
/** Of the reason that a skip gives. */
const REASON_MAX = 10_000;

export function leavingEnd(result: OutcomeEnd): OutcomeEnd {
  switch (result.end) {
    case "failed":
      return { ...result, failure: travelling(result.failure) };
    case "died":
      return { ...result, cause: travelling(result.cause) };
    case "signal": {
      const { signal } = result;
      if (signal.kind === "loop") return leavingLoop(signal.next);
      return { end: "signal", signal: { ...signal, reason: signal.reason.slice(0, REASON_MAX) } };
    }
    case "value":
    case "timedOut":
    case "givenBack":
      return result;
    default:
      return result satisfies never;
  }
}

/** What cannot leave the process fails the task, and no retry can help. */
function leavingLoop(next: unknown): OutcomeEnd {
  try {
    const { bytes, beside } = encodeValue(next, { name: "the value of loop(...)" });
    if (beside.length === 0 && bytes.length <= LOOP_BYTES_MAX)
      return { end: "signal", signal: { kind: "loop", next: new Opaque(bytes) } };
    return { end: "failed", failure: TOO_LARGE, retry: "no" };
  } catch (error) {
    return { end: "failed", failure: travelling(failureDataOf(error)), retry: "no" };
  }
}

const TOO_LARGE: FailureData = {
  name: "LoopValueTooLarge",
  code: "LOOP_VALUE_TOO_LARGE",
  message: `the value of loop(...) has more than ${LOOP_BYTES_MAX} bytes: hand on less, and read the rest from where it is`,
};
