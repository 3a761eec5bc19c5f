// Owns: which tasks of a finished run failed by themselves, and the errors behind them.

import type { FinishedRun } from "@millrace/core";

/** `index` is the child's of a mapped task. */
export type TaskFailure = { readonly slug: string; readonly index: number | undefined; readonly error: unknown };

export const failuresMax = 20;

/** The first of them, in the order in which the flow's function called the tasks. */
export async function taskFailures(run: FinishedRun<unknown>): Promise<readonly TaskFailure[]> {
  const failures: TaskFailure[] = [];
  for (const { slug, index } of failedPlaces(run)) {
    failures.push({ slug, index, error: await errorOf(run, slug, index) });
    if (failures.length === failuresMax) break;
  }
  return failures;
}

function* failedPlaces({ states }: FinishedRun<unknown>): Generator<{ slug: string; index: number | undefined }> {
  for (const slug of states.slugs()) {
    if (states.get(slug) === "Failed") yield { slug, index: undefined };
    const width = states.width(slug) ?? 0;
    for (let index = 0; index < width; index++) if (states.get(slug, index) === "Failed") yield { slug, index };
  }
}

/** A result that cannot be had says why. */
async function errorOf(run: FinishedRun<unknown>, slug: string, index: number | undefined): Promise<unknown> {
  try {
    await run.resultOf(slug, index);
    return undefined;
  } catch (error) {
    return error instanceof Error && error.cause !== undefined ? error.cause : error;
  }
}

export const placeText = ({ slug, index }: TaskFailure): string => (index === undefined ? slug : `${slug}[${index}]`);
