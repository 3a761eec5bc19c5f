// Owns: what each thread of an executor does at this moment.

import type { Thread } from "./thread.js";
import { slugOf } from "@millrace/core/seam";

/** `thread`: from 1 on. Without a slug it has nothing to do. `waiting`: works that it has beside the one that runs. */
export type ThreadActivity = {
  readonly thread: number;
  readonly run?: string;
  readonly slug?: string;
  readonly mapIndex?: number | undefined;
  readonly waiting: number;
};

export function activityOf({ number, batch }: Thread): ThreadActivity {
  const position = batch?.running ?? -1;
  const work = batch === undefined || position < 0 ? undefined : batch.works.at(position);
  if (batch === undefined || work === undefined) return { thread: number, waiting: 0 };
  const { lane, works } = batch;
  return {
    thread: number,
    run: lane.book.facts.id,
    slug: slugOf(lane.template, work),
    mapIndex: work.index < 0 ? undefined : work.index,
    waiting: works.length - position - 1,
  };
}
