// Owns: which tasks of a finished run failed by themselves, and why.

import type { FailureData, FinishedRun, StateRow } from "@millrace/core";

/** `index` is the child's of a mapped task. */
export type TaskFailure = { readonly slug: string; readonly index: number | undefined; readonly failure: FailureData };

export const failuresMax = 20;

/** The first of them, in the order in which the flow's function called the tasks. */
export function taskFailures(run: FinishedRun<unknown>, table: readonly StateRow[]): readonly TaskFailure[] {
  const failures: TaskFailure[] = [];
  for (const { slug, index } of failedPlaces(run, table)) {
    const failure = run.states.failure(slug, index);
    if (failure !== undefined) failures.push({ slug, index, failure });
    if (failures.length === failuresMax) break;
  }
  return failures;
}

type Place = { readonly slug: string; readonly index: number | undefined };

/** Children are looked at one by one only where the rows say that some failed: a map may have a million. */
function* failedPlaces({ states }: FinishedRun<unknown>, table: readonly StateRow[]): Generator<Place> {
  for (const { slug, state, count } of table) {
    if (state !== "Failed") continue;
    let open = count;
    const width = states.width(slug);
    if (width === undefined) yield { slug, index: undefined };
    for (let index = 0; index < (width ?? 0) && open > 0; index++) {
      if (states.get(slug, index) !== "Failed") continue;
      open--;
      yield { slug, index };
    }
  }
}

export const placeText = ({ slug, index }: Place): string => (index === undefined ? slug : `${slug}[${index}]`);
