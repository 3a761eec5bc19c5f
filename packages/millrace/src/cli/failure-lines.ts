// Owns: the errors at the end of a run that did not succeed.

import { errorTexts } from "@millrace/code";
import { nameAndMessage, withPlace } from "./error-text.js";
import type { RunReport } from "./run-report.js";
import { type TaskFailure, placeText } from "./task-failures.js";

const shownMax = 5;

export function failureLines(report: RunReport): readonly string[] {
  const { first, count } = report.failures;
  const shown = first.slice(0, shownMax);
  const more = count - shown.length;
  const hint = more > 0 ? ["", `... and ${more} more failed`] : [];
  return [endText(report), ...shown.flatMap((failure) => ["", oneFailure(failure)]), ...hint];
}

const oneFailure = (failed: TaskFailure): string =>
  withPlace(`${placeText(failed)} failed: ${nameAndMessage(failed.failure)}`, failed.failure) +
  causesText(failed.failure);

function causesText({ cause }: TaskFailure["failure"]): string {
  return cause === undefined ? "" : `\n  caused by ${nameAndMessage(cause)}${causesText(cause)}`;
}

/** What happened to the flow as a whole. */
function endText({ flow, run, outcome }: RunReport): string {
  if (run.state === "Failed") return `the flow "${flow}" failed`;
  const texts = errorTexts("error" in outcome ? outcome.error : undefined);
  if (run.state === "Cancelled") return texts.message;
  return withPlace(`the flow "${flow}" gave no value: ${nameAndMessage(texts)}`, texts);
}
