// Owns: what the states of its upstream mean for a task: run, skip, fail (PIPE-5, TRIG-5).

import type { TaskSpec } from "../graph/node-spec.js";
import { judge } from "../states/triggers.js";
import type { FailureData } from "../work/failure-data.js";
import { STATE } from "../work/kinds.js";
import type { RunState } from "./run-state.js";
import type { UpstreamView } from "./upstream.js";

/** Skip rule before trigger; whether values are missing is asked after it. */
export function verdictOf(
  spec: TaskSpec,
  view: UpstreamView,
): "run" | typeof STATE.Skipped | typeof STATE.TriggerFailed {
  if (view.skipped && spec.skipOnUpstreamSkip !== false) return STATE.Skipped;
  switch (judge(spec.trigger ?? "allSuccessful", view.tally)) {
    case "run":
      return "run";
    case "skip":
      return STATE.Skipped;
    case "fail":
      return STATE.TriggerFailed;
  }
}

export function upstreamHasNoValue(s: RunState, from: number): FailureData {
  const slug = s.graph.slug(from);
  return {
    name: "UpstreamHasNoValue",
    code: "UPSTREAM_HAS_NO_VALUE",
    message: `"${slug}" gave no value: a task that runs after failures or skips takes them as settled(${slug}) or settledEach(...)`,
  };
}
