// Owns: which failure is behind a trigger that does not hold, where that could not be asked later: in a graph that is the
// run's own, what failed first may be gone when somebody looks.
// Does not own: the same for a flow, whose failures stay (`flow/root-failures`).

import { EDGE } from "../graph/flow-graph.js";
import { failureOf } from "../states/failures.js";
import type { FailureData } from "../work/failure-data.js";
import { isFailure, STATE } from "../work/kinds.js";
import type { RunState } from "./run-state.js";

/** `index`: of the child of `node` that is TriggerFailed; -1: the node itself. */
export function noteTriggerCause(s: RunState, node: number, row: number, index: number): void {
  if (!s.ownsGraph) return;
  const failure = failureOf(s.table, s.graph, row);
  const cause = causeOf(s, node, index);
  if (failure !== undefined && cause !== undefined) s.table.failures.set(row, { ...failure, cause });
}

function causeOf(s: RunState, node: number, index: number): FailureData | undefined {
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const from = s.graph.from(edge);
    const map = s.maps.get(from);
    const paired = map !== undefined && index >= 0 && (s.graph.flags(edge) & EDGE.mapped) !== 0;
    const row = map === undefined ? from : paired ? map.shape.first + index : firstFailed(s, map.shape);
    const state = s.table.state(row);
    if (!isFailure(state) && state !== STATE.Cancelled) continue;
    const failure = failureOf(s.table, s.graph, row);
    return state === STATE.TriggerFailed ? (failure?.cause ?? failure) : failure;
  }
  return undefined;
}

function firstFailed(s: RunState, { first, width }: { readonly first: number; readonly width: number }): number {
  for (let row = first; row < first + width; row++) {
    const state = s.table.state(row);
    if (isFailure(state) || state === STATE.Cancelled) return row;
  }
  return first;
}
