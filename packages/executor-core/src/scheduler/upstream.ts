// Owns: what a node sees of its upstream: states counted for its trigger, whether it is to be skipped, whether a value is
// missing (TRIG-1, TRIG-6, PIPE-5, MAP-5).
// U1. Each distinct upstream counts once, each child of a whole map counts, constants never (TRIG-6).
// U2. A settled edge counts as success, and never skips, unless trigger or skip rule are the user's own.

import { EDGE } from "../graph/flow-graph.js";
import { Tally } from "../states/triggers.js";
import { hasValue, STATE } from "../work/kinds.js";
import type { Trigger } from "../work/policies.js";
import type { RunState } from "./run-state.js";

export type Rules = { readonly trigger: Trigger | undefined; readonly skipOnUpstreamSkip: boolean | undefined };
export const STRUCTURE_RULES: Rules = { trigger: undefined, skipOnUpstreamSkip: undefined };

export class UpstreamView {
  readonly tally = new Tally();
  /** Some upstream that may skip the node is Skipped. */
  skipped = false;
  /** A node that has no value for a plain edge, or -1. */
  noValue = -1;
}

/** All in-edges of a node that is not mapped, or whose children see the same. */
export function viewUpstream(s: RunState, node: number, rules: Rules): UpstreamView {
  const view = new UpstreamView();
  const end = s.graph.inEnd(node);
  for (let edge = s.graph.inFirst(node); edge < end; edge++) addEdge(s, view, edge, rules);
  return view;
}

export function addEdge(s: RunState, view: UpstreamView, edge: number, rules: Rules): void {
  const from = s.graph.from(edge);
  if (s.graph.spec(from).kind === "constant") return;
  const flags = s.graph.flags(edge);
  const map = s.maps.get(from);
  if (map === undefined) {
    addState(view, from, flags, s.table.state(from), rules);
    return;
  }
  const settled = (flags & EDGE.settled) !== 0;
  if (map.skipped > 0 && !(settled && rules.skipOnUpstreamSkip === undefined)) view.skipped = true;
  if (!settled && (flags & EDGE.data) !== 0 && map.success < map.width) view.noValue = from;
  if ((flags & EDGE.repeated) !== 0) return;
  const tally = view.tally;
  tally.edges++;
  if (settled && rules.trigger === undefined) tally.addMany(STATE.Success, map.width);
  else {
    tally.addMany(STATE.Success, map.success);
    tally.addMany(STATE.Skipped, map.skipped);
    tally.addMany(STATE.Failed, map.failed);
    tally.addMany(STATE.Cancelled, map.cancelled);
  }
}

/** One upstream task run. */
export function addState(view: UpstreamView, from: number, flags: number, state: number, rules: Rules): void {
  const settled = (flags & EDGE.settled) !== 0;
  if (state === STATE.Skipped && !(settled && rules.skipOnUpstreamSkip === undefined)) view.skipped = true;
  if ((flags & EDGE.data) !== 0 && !hasValue(state)) {
    // The whole of settledEach(list) is a list: where the list failed, there is none. A child gets the list's state.
    const needsList = (flags & (EDGE.each | EDGE.mapped)) === EDGE.each;
    if (!settled || needsList) view.noValue = from;
  }
  if ((flags & EDGE.repeated) !== 0) return;
  view.tally.edges++;
  view.tally.add(settled && rules.trigger === undefined ? STATE.Success : state);
}
