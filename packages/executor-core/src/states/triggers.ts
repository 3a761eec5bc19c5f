// Owns: when a task may run, judged by the states of its upstream tasks: TRIG-1, TRIG-2, TRIG-3, TRIG-6.
// Does not own: who counts (`scheduler/upstream`), the skip rule, which comes first (PIPE-5).
// A new trigger: its name in `work/policies`, its case here.

import { isFailure, STATE } from "../work/kinds.js";
import type { Trigger, TriggerBounds } from "../work/policies.js";

/** States of distinct upstream task runs. Skipped counts as success and stands in `skipped` as well. */
export class Tally {
  /** Upstream edges that count, a mapped upstream being one: 0 is "no upstream at all". */
  edges = 0;
  total = 0;
  success = 0;
  failed = 0;
  skipped = 0;

  add(state: number): void {
    this.addMany(state, 1);
  }

  addMany(state: number, count: number): void {
    this.total += count;
    if (state === STATE.Success || state === STATE.Mapped) this.success += count;
    else if (state === STATE.Skipped) {
      this.success += count;
      this.skipped += count;
    } else if (isFailure(state)) this.failed += count;
  }

  copy(other: Tally): this {
    this.edges = other.edges;
    this.total = other.total;
    this.success = other.success;
    this.failed = other.failed;
    this.skipped = other.skipped;
    return this;
  }
}

export type Verdict = "run" | "skip" | "fail";

export function judge(trigger: Trigger, tally: Tally): Verdict {
  const holds = (yes: boolean): Verdict => (yes ? "run" : "fail");
  if (typeof trigger === "object") {
    if (tally.edges === 0) return "run";
    return "someFailed" in trigger
      ? holds(within(trigger.someFailed, tally.failed, tally.total))
      : holds(within(trigger.someSuccessful, tally.success, tally.total));
  }
  if (tally.edges === 0) return trigger === "notAllSkipped" ? "skip" : "run";
  switch (trigger) {
    case "allSuccessful":
      return holds(tally.success === tally.total);
    case "allFailed":
      return holds(tally.failed === tally.total);
    case "anySuccessful":
      return holds(tally.success > 0);
    case "anyFailed":
      return holds(tally.failed > 0);
    case "allFinished":
      return "run";
    case "notAllSkipped":
      if (tally.skipped === tally.total) return "skip";
      return holds(tally.success === tally.total);
    default:
      return trigger satisfies never;
  }
}

function within(bounds: TriggerBounds, count: number, total: number): boolean {
  return count >= bound(bounds.atLeast ?? 0, total) && count <= bound(bounds.atMost ?? total, total);
}

/** Below 1 a fraction of the states, not rounded (TRIG-2). */
const bound = (given: number, total: number): number => (given < 1 ? given * total : given);
