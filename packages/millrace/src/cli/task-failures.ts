// Owns: which tasks of a finished run failed by themselves, and why.

import type { FailureData, FinishedRun, TaskState } from "@millrace/core";

/** `index` is the child's of a mapped task. */
export type TaskFailure = { readonly slug: string; readonly index: number | undefined; readonly failure: FailureData };

export const failuresMax = 20;

export type Failures = { readonly first: readonly TaskFailure[]; readonly count: number };

/** Not for what others did. */
const isOwn = (state: TaskState): boolean => state === "Failed" || state === "TimedOut";

/** The first of them, in the order in which the flow's function called the tasks, and how many there are. */
export function taskFailures({ states }: FinishedRun<unknown>): Failures {
  const first: TaskFailure[] = [];
  let all = 0;
  for (const { slug, state, count, mapped } of states.rows()) {
    if (!isOwn(state)) continue;
    all += count;
    // Children are looked at one by one only where some failed: a map may have a million.
    for (let index = 0, found = 0; found < count && first.length < failuresMax; index++) {
      const place = mapped ? index : undefined;
      if (states.get(slug, place) !== state) continue;
      found++;
      const failure = states.failure(slug, place);
      if (failure !== undefined) first.push({ slug, index: place, failure });
    }
  }
  return { first, count: all };
}

type Place = { readonly slug: string; readonly index: number | undefined };

export const placeText = ({ slug, index }: Place): string => (index === undefined ? slug : `${slug}[${index}]`);
