// Owns: what a thread's death was, in words for the task that it took along.

import { type FailureData, type OutcomeEnd, slugOf } from "@millrace/core/seam";
import type { Batch } from "./batch.js";
import { stoppedBy } from "./outcomes.js";
import type { Lane } from "./run-book.js";
import type { ThreadLimits } from "./thread.js";

/** `how`: what the thread said of its own end, if it did. */
export function deathOf(
  error: Error,
  slug: string,
  how: string | undefined,
  limits: ThreadLimits | undefined,
): FailureData {
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = limits?.maxOldGenerationSizeMb;
    const said = limit === undefined ? "" : ` of ${limit} MiB (resourceLimits.maxOldGenerationSizeMb)`;
    return {
      name: "WorkerOutOfMemory",
      code: "WORKER_OUT_OF_MEMORY",
      message: `"${slug}" used up the heap of its thread${said}: let it hold less at a time, or give threads more`,
    };
  }
  const cause = how ?? exitOf(error);
  return { name: "WorkerDied", code: "WORKER_DIED", message: `the thread that ran "${slug}" ended: ${cause}` };
}

function exitOf({ message }: Error): string {
  const [, code] = /exited with code: (-?\d+)/.exec(message) ?? [];
  return code === undefined ? message : `it exited with code ${code}`;
}

/** None of its tasks can be had: trying again would end the next thread too. */
export function loadingDied({ template }: Lane, cause: FailureData): FailureData {
  return {
    ...cause,
    message: `the module of the task "${template.name}" ended its thread while it was loaded: ${cause.message}`,
  };
}

/** What a work that was not answered ends with; undefined: it goes back. */
export function endAfterDeath(
  batch: Batch,
  position: number,
  blamed: number,
  cause: FailureData,
): OutcomeEnd | undefined {
  const stop = batch.asked.get(position);
  if (stop !== undefined) return stoppedBy(stop);
  if (position !== blamed) return undefined;
  const { failure } = batch.lane;
  return failure === undefined ? { end: "died", cause } : { end: "failed", failure, retry: "no" };
}

export function slugAt({ lane, works }: Batch, position: number): string {
  const work = position < 0 ? undefined : works.at(position);
  if (work === undefined) return lane.template.name;
  const slug = slugOf(lane.template, work);
  return work.index < 0 ? slug : `${slug}[${work.index}]`;
}
