// Owns: what user code on a simulated worker is given of its values, and what becomes of what it gives.

import {
  type AttemptContext,
  bindArguments,
  endedWithValue,
  failureDataOf,
  type OutcomeEnd,
  unreadable,
} from "@millrace/core/seam";

/** What cannot travel fails its task, and no retry can help. */
export function kept(
  context: AttemptContext,
  values: Parameters<typeof endedWithValue>[1],
  value: unknown,
): OutcomeEnd {
  try {
    return endedWithValue(context, values, value);
  } catch (error) {
    return { end: "failed", failure: failureDataOf(error), retry: "no" };
  }
}

export function argumentsOf(
  { template, work }: AttemptContext,
  values: Parameters<typeof bindArguments>[2],
): readonly unknown[] {
  try {
    return bindArguments(template, work, values, true);
  } catch (error) {
    throw unreadable(error);
  }
}
