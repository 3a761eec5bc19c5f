// Owns: how a ref stands in a node's arguments (its tree) and what that makes of the edge.
// Does not own: looking for refs in literals (`literal`).

import { EDGE, type EdgeInput } from "../graph/flow-graph.js";
import type { GraphTree } from "../work/value-tree.js";
import { FORM, NODE, type NodeRef } from "./node-ref.js";

export function treeOf(ref: NodeRef): GraphTree {
  const tree: GraphTree = { kind: "ref", ref: ref[NODE] };
  const form = ref[FORM];
  return form === "plain" ? tree : { kind: form, of: tree };
}

/** Adds the edges of all refs in an argument. */
export function addEdges(tree: GraphTree, edges: EdgeInput[], flags: number = EDGE.data): void {
  switch (tree.kind) {
    case "ref":
      edges.push({ from: tree.ref, flags });
      return;
    case "element":
      addEdges(tree.of, edges, flags | EDGE.mapped);
      return;
    case "settled":
      addEdges(tree.of, edges, flags | EDGE.settled);
      return;
    case "settledEach":
      addEdges(tree.of, edges, flags | EDGE.settled | EDGE.each);
      return;
    case "pick":
      addEdges(tree.of, edges, flags);
      addEdges(tree.key, edges, flags);
      return;
    case "list":
    case "record":
      for (const item of tree.items) addEdges(item, edges, flags);
      return;
    case "succeeded":
      addEdges(tree.of, edges, flags);
      return;
    case "inline":
    case "slot":
    case "children":
      return;
    default:
      return tree satisfies never;
  }
}

export function edgesOf(trees: readonly GraphTree[]): EdgeInput[] {
  const edges: EdgeInput[] = [];
  for (const tree of trees) addEdges(tree, edges);
  return edges;
}
