// Owns: a topological order, iteratively, by Kahn's algorithm (FLOW-5), and the path of a cycle.

import { type NodeId, nodeId } from "../work/ids.js";
import type { FlowGraph } from "./flow-graph.js";

export type Order = { readonly order: Uint32Array } | { readonly cycle: readonly NodeId[] };

/** Nodes in an order in which each stands behind its upstream nodes, ties by id; or one cycle, first node repeated. */
export function topologicalOrder(graph: FlowGraph): Order {
  const size = graph.size;
  const waiting = new Uint32Array(size);
  const order = new Uint32Array(size);
  let end = 0;
  for (let node = 0; node < size; node++) {
    const count = graph.inEnd(node) - graph.inFirst(node);
    waiting[node] = count;
    if (count === 0) order[end++] = node;
  }
  for (let next = 0; next < end; next++) {
    for (let edge = graph.outEdge(order[next] ?? 0); edge >= 0; edge = graph.nextOut(edge)) {
      const to = graph.to(edge);
      const left = (waiting[to] ?? 0) - 1;
      waiting[to] = left;
      if (left === 0) order[end++] = to;
    }
  }
  return end === size ? { order } : { cycle: cyclePath(graph, waiting) };
}

/**
 * Every node that still waits has an upstream node that still waits: walking up from any of them must meet a node
 * twice, and what lies between is a cycle.
 */
function cyclePath(graph: FlowGraph, waiting: Uint32Array): readonly NodeId[] {
  const place = new Map<number, number>();
  const path: NodeId[] = [];
  let node = waiting.findIndex((count) => count > 0);
  while (!place.has(node)) {
    place.set(node, path.length);
    path.push(nodeId(node));
    node = waitingUpstream(graph, waiting, node);
  }
  return [...path.slice(place.get(node)), nodeId(node)].reverse();
}

function waitingUpstream(graph: FlowGraph, waiting: Uint32Array, node: number): number {
  for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
    const from = graph.from(edge);
    if ((waiting[from] ?? 0) > 0) return from;
  }
  throw new RangeError(`node ${node} waits for a node that is not in the graph`);
}
