// Owns: which attempts the caller works for: its own, and those in which the runs around it were opened.
// Does not own: what follows from that (who opens, closes or waits).
// A1. Innermost first. What an attempt left behind when it ended works for nobody.
// A2. Openers hang on a global symbol, as the storage of contexts does: copies of this package share them.
// The one cast: what stands under the symbol was put there by this file.

import type { FlowRunId, WorkId } from "../work/ids.js";
import { type AttemptContext, attempts } from "./context.js";

const KEY = Symbol.for("millrace/1/openers");

function sharedOpeners(): Map<FlowRunId, AttemptContext> {
  const found: unknown = Reflect.get(globalThis, KEY);
  if (found instanceof Map) return found as Map<FlowRunId, AttemptContext>;
  const made = new Map<FlowRunId, AttemptContext>();
  Object.defineProperty(globalThis, KEY, { value: made });
  return made;
}

const openers = sharedOpeners();

/** The run is opened in the caller's attempt, if it is one. `done`: when it is over. */
export function noteOpened(run: FlowRunId, done: Promise<unknown>): void {
  const opener = attempts.getStore();
  if (opener === undefined || opener.ended) return;
  openers.set(run, opener);
  const forget = (): void => void openers.delete(run);
  done.then(forget, forget);
}

/** The innermost attempt that the caller works for and that is so. */
export function attemptAround(isSo: (attempt: AttemptContext) => boolean): AttemptContext | undefined {
  for (let at = attempts.getStore(); at !== undefined && !at.ended; at = openers.get(at.run.id))
    if (isSo(at)) return at;
  return undefined;
}

/** The work of this executor that waits while the caller waits. */
export function workInside(executor: object): WorkId | undefined {
  const found = attemptAround((attempt) => attempt.executor === executor);
  if (found === undefined) return undefined;
  return { run: found.run.id, taskRun: found.work.taskRun, attempt: found.work.attempt };
}
