// Owns: a flow as a graph of @dagrejs/graphlib, which is loaded when somebody asks.
// Does not own: the graph that runs (`graph/flow-graph`): graphlib keeps an object for each edge and recurses.
// V1. Nodes are named by slug. An edge is one input: two arguments of one upstream are two edges. The node `result` is
//     left out, since nobody wrote it.

import type { Graph } from "@dagrejs/graphlib";
import { EDGE, type FlowGraph } from "../graph/flow-graph.js";
import type { NodeSpec } from "../graph/node-spec.js";
import type { NodeId } from "../work/ids.js";
import { eachName } from "../work/value-tree.js";
import type { Blueprint } from "./blueprint.js";
import { FlowError } from "./flow-error.js";

export type DrawnFlow = { readonly flow: string };
export type DrawnNode = {
  readonly name: string;
  readonly slug: string;
  readonly kind: NodeSpec["kind"];
  readonly mapped: boolean;
  readonly tags: readonly string[];
};
export type DrawnEdge = {
  /** The input's name, or its position; absent where the edge is order only. */
  readonly argument?: string;
  readonly mapped: boolean;
  /** A value passes. */
  readonly data: boolean;
};
export type FlowDrawing = Graph<DrawnFlow, DrawnNode, DrawnEdge>;

const NODES_MAX = 10_000;

export async function asGraphlib(blueprint: Blueprint): Promise<FlowDrawing> {
  const { graph, flow, result } = blueprint;
  const drawn = graph.size - 1;
  if (drawn >= NODES_MAX) throw tooLarge(flow, drawn);
  const library = await import("@dagrejs/graphlib");
  const drawing: FlowDrawing = new library.Graph({ directed: true, multigraph: true });
  drawing.setGraph({ flow });
  for (let node = 0; node < graph.size; node++) {
    if (node !== result) drawing.setNode(graph.slug(node), labelOf(graph, node));
  }
  for (let node = 0; node < graph.size; node++) if (node !== result) drawEdges(drawing, graph, node);
  return drawing;
}

function labelOf(graph: FlowGraph, node: number): DrawnNode {
  const spec = graph.spec(node);
  const slug = graph.slug(node);
  if (spec.kind === "task") return { name: spec.name, slug, kind: "task", mapped: spec.mapped, tags: spec.tags };
  return { name: spec.kind === "parameter" ? spec.name : spec.kind, slug, kind: spec.kind, mapped: false, tags: [] };
}

/** Data edges of a node stand in the order of its arguments, behind the gate and before those that only wait. */
function drawEdges(drawing: FlowDrawing, graph: FlowGraph, node: number): void {
  const inputs = argumentsByUpstream(graph, node);
  for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
    const flags = graph.flags(edge);
    const [from, isData] = [graph.from(edge), (flags & EDGE.data) !== 0];
    const argument = isData ? inputs.get(from)?.shift() : undefined;
    const label = { mapped: (flags & EDGE.mapped) !== 0, data: isData };
    const name = argument ?? ((flags & EDGE.gate) === 0 ? "upstream" : "gate");
    drawing.setEdge(graph.slug(from), graph.slug(node), argument === undefined ? label : { argument, ...label }, name);
  }
}

function argumentsByUpstream(graph: FlowGraph, node: number): Map<NodeId, string[]> {
  const spec = graph.spec(node);
  const names = spec.kind === "task" ? spec.args : spec.kind === "record" ? spec.keys : [];
  const found = new Map<NodeId, string[]>();
  for (const [i, tree] of graph.args(node).entries()) {
    const visit = (from: NodeId): void => {
      const list = found.get(from) ?? [];
      list.push(names[i] ?? String(i));
      found.set(from, list);
    };
    eachName(tree, visit);
  }
  return found;
}

function tooLarge(flow: string, size: number): FlowError {
  return new FlowError(
    "GRAPH_TOO_LARGE_TO_DRAW",
    `the flow "${flow}" has ${size} nodes, and a drawing takes fewer than ${NODES_MAX}: use .map for tasks that repeat, or describeFlow(flow), which lists them`,
  );
}
