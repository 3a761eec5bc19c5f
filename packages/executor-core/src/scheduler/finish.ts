// Owns: when a run has ended, and as what (RUN-4, RUN-5, FLOW-6).
// F1. Finished: every node that is known is read and complete, and no more will come.
// F2. Cancelled comes first: a run that was cancelled and left a reference task unfinished says so, whatever failed.

import { STATE, type FlowState } from "../work/kinds.js";
import type { RunState } from "./run-state.js";

export function checkFinished(s: RunState): void {
  if (!s.finished && s.lastSeen && s.unfinished === 0 && s.read === s.known) {
    s.finished = true;
    s.effects.push({ kind: "finished", state: flowState(s) });
  }
  if (!s.finished) return;
  const idle = s.open === 0 && s.asks.size === 0 && s.agenda.empty;
  if (idle && !s.idle) s.effects.push({ kind: "idle" });
  s.idle = idle;
}

function flowState(s: RunState): FlowState {
  let failed = false;
  let cancelled = false;
  for (const node of referenceNodes(s)) {
    const map = s.maps.get(node);
    const state = s.table.state(node);
    if (state === STATE.Cancelled || (map?.cancelled ?? 0) > 0) cancelled = true;
    if (state === STATE.Failed || state === STATE.TriggerFailed || (map?.failed ?? 0) > 0) failed = true;
  }
  if (cancelled) return "Cancelled";
  return failed ? "Failed" : "Success";
}

/** Given ones, or the terminal nodes and those that the flow's function returned (FLOW-6). */
export function* referenceNodes(s: RunState): Iterable<number> {
  if (s.references !== undefined) {
    yield* s.references;
    return;
  }
  for (let node = 0; node < s.known; node++) {
    if (s.graph.spec(node).kind === "result") continue;
    if (s.graph.outEdge(node) < 0 || s.returned.has(node)) yield node;
  }
}
