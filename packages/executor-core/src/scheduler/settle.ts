// Owns: deciding a node when all that it has to see has ended.
// S1. A node is decided when its `wait` is 0.
// S2. Skip rule before trigger, trigger before missing values (PIPE-5, TRIG-5).

import type { TaskSpec } from "../graph/node-spec.js";
import { STATE } from "../work/kinds.js";
import { endCancelled, endNode, failNode, makeReady } from "./endings.js";
import { expandMap } from "./maps.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";
import { settleStructure } from "./structure.js";
import { viewUpstream } from "./upstream.js";
import { upstreamHasNoValue, verdictOf } from "./verdict.js";

export function decideNode(s: RunState, node: number): void {
  const flags = s.flags(node);
  if ((flags & (FLAG.complete | FLAG.queued | FLAG.asking)) !== 0 || s.table.state(node) !== STATE.Pending) return;
  if (s.cancelReason !== undefined) return endNode(s, node, STATE.Cancelled);
  const cancelled = s.cancelling.size > 0 ? s.cancelling.get(node) : undefined;
  if (cancelled !== undefined) return endCancelled(s, node, cancelled);
  const spec = s.graph.spec(node);
  s.budget -= (s.graph.inEnd(node) - s.graph.inFirst(node)) >> 2;
  if (spec.kind !== "task") return settleStructure(s, node, spec);
  if (spec.mapped) return expandMap(s, node, spec);
  decideTask(s, node, spec);
}

function decideTask(s: RunState, node: number, spec: TaskSpec): void {
  // Most tasks of a wide flow are roots: nothing is to be counted for them.
  if (s.graph.inFirst(node) === s.graph.inEnd(node) && spec.trigger !== "notAllSkipped") return makeReady(s, node);
  const view = viewUpstream(s, node, spec);
  const end = verdictOf(spec, view);
  if (end === "run" && view.noValue < 0) makeReady(s, node);
  else if (end === "run") failNode(s, node, upstreamHasNoValue(s, view.noValue));
  else endNode(s, node, end);
}
