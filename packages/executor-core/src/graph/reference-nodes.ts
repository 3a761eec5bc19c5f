// Owns: which nodes decide the flow's state where its author names none (FLOW-6): the terminal ones and those returned.

import { type NodeId, nodeId } from "../work/ids.js";
import { EDGE, type FlowGraph } from "./flow-graph.js";

/**
 * What the flow's function returned only as settled was taken as a value, failures too: that is downstream enough, and
 * such a node is no reference of its own.
 */
export function* defaultReferences(graph: FlowGraph): Iterable<NodeId> {
  for (let node = 0; node < graph.size; node++) if (isDefaultReference(graph, node)) yield nodeId(node);
}

function isDefaultReference(graph: FlowGraph, node: number): boolean {
  if (graph.spec(node).kind === "result") return false;
  let edge = graph.outEdge(node);
  if (edge < 0) return true;
  for (; edge >= 0; edge = graph.nextOut(edge)) {
    const isReturned = graph.spec(graph.to(edge)).kind === "result";
    if (isReturned && (graph.flags(edge) & EDGE.settled) === 0) return true;
  }
  return false;
}
