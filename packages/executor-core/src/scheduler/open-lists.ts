// Owns: lists whose items are all settled refs, `settledEach([a, b])`: mapped over, child i waits for item i only, as it would
// for child i of a map.
// L1. Such a list can be mapped over before it is complete: its width stands in the graph, and a settled item never fails
//     it. As a whole it is a list like any other.

import { EDGE, type FlowGraph } from "../graph/flow-graph.js";
import type { NodeId } from "../work/ids.js";
import type { RunState } from "./run-state.js";

/** One edge an item, in their order; a branch's gate makes it an ordinary list. */
export function isOpenList(graph: FlowGraph, node: number): boolean {
  if (graph.spec(node).kind !== "list") return false;
  const args = graph.args(node);
  const first = graph.inFirst(node);
  if (args.length === 0 || graph.inEnd(node) - first !== args.length) return false;
  return args.every((arg, i) => {
    if ((graph.flags(first + i) & EDGE.settled) === 0) return false;
    return arg.kind === "settled" && arg.of.kind === "ref" && arg.of.ref === graph.from(first + i);
  });
}

/** The node that item `index` is about. */
export const itemOf = (graph: FlowGraph, list: number, index: number): NodeId =>
  graph.from(graph.inFirst(list) + index);

/** Whether what is behind this edge need not be waited for any more. */
export function isSatisfied(s: RunState, edge: number): boolean {
  const from = s.graph.from(edge);
  if (s.isComplete(from)) return true;
  return (s.graph.flags(edge) & EDGE.mapped) !== 0 && (s.maps.has(from) || isOpenList(s.graph, from));
}

/** An item of a list has ended: the children that waited for it can be decided. */
export function notifyList(s: RunState, list: number, edge: number): void {
  const index = edge - s.graph.inFirst(list);
  for (const map of s.openLists.get(list) ?? []) {
    if (index >= map.width || index >= map.scan) continue;
    s.agenda.children.push(map.shape.node);
    s.agenda.children.push(index);
  }
}
