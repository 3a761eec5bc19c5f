// Owns: the errors at the end of a run that did not succeed.

import type { FinishedRun } from "@millrace/core";
import { nameAndMessage, withPlace } from "./error-text.js";
import { type TaskFailure, placeText } from "./task-failures.js";

const shownMax = 5;

export function failureLines(
  flow: string,
  run: FinishedRun<unknown>,
  failures: readonly TaskFailure[],
): readonly string[] {
  const lines = failures.slice(0, shownMax).flatMap((failure) => ["", oneFailure(failure)]);
  const failed = run.states.table().filter(({ state }) => state === "Failed");
  const more = failed.reduce((sum, { count }) => sum + count, 0) - Math.min(failures.length, shownMax);
  const hint = more > 0 ? ["", `... and ${more} more failed`] : [];
  return [endText(flow, run), ...lines, ...hint];
}

const oneFailure = (failure: TaskFailure): string =>
  withPlace(`${placeText(failure)} failed: ${nameAndMessage(failure.error)}`, failure.error);

/** The error that the run's value throws says what happened to the flow as a whole. */
function endText(flow: string, run: FinishedRun<unknown>): string {
  if (run.state === "Failed") return `the flow "${flow}" failed`;
  try {
    return `the flow "${flow}" ended ${run.state}: ${String(run.value)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
