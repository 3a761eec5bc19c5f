// Owns: when a run has ended, and as what (RUN-4, RUN-5, FLOW-6).
// F1. Finished: every node that is known is read and complete, and no more will come.
// F2. Cancelled comes first: a run that was cancelled and left a reference task unfinished says so, whatever failed.

import { defaultReferences } from "../graph/reference-nodes.js";
import { type FlowState, isFailure, STATE } from "../work/kinds.js";
import type { RunState } from "./run-state.js";

export function checkFinished(s: RunState): void {
  if (!s.finished && s.lastSeen && s.unfinished === 0 && s.read === s.known) {
    s.finished = true;
    s.effects.push({ kind: "finished", state: flowState(s) });
  }
  if (!s.finished) return;
  const idle = s.open === 0 && s.asks.size === 0 && s.lineage.remakes.size === 0 && s.agenda.empty;
  if (idle && !s.idle) s.effects.push({ kind: "idle" });
  s.idle = idle;
}

function flowState(s: RunState): FlowState {
  let failed = false;
  let cancelled = false;
  for (const node of s.references ?? defaultReferences(s.graph)) {
    const map = s.maps.get(node);
    const state = s.table.state(node);
    if (state === STATE.Cancelled || (map?.cancelled ?? 0) > 0) cancelled = true;
    if (isFailure(state) || (map?.failed ?? 0) > 0) failed = true;
  }
  if (cancelled) return "Cancelled";
  return failed ? "Failed" : "Success";
}
