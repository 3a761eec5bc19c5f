// Owns: what a flow's function built, ready for any number of runs; building it.
// Does not own: when it is built and what becomes of an error (`flow`).
// P1. The function runs once and synchronously. The node `result`, with the shape that it returned, is the last one.

import { checkGraph, InvalidGraph } from "../graph/check.js";
import type { FlowGraph } from "../graph/flow-graph.js";
import type { NodeId } from "../work/ids.js";
import type { Origin } from "../work/task-origin.js";
import type { GraphTree } from "../work/value-tree.js";
import { Build, whileBuilding } from "./build.js";
import { FlowError } from "./flow-error.js";
import { edgesOf } from "./inputs.js";
import { literalTree, TreeLiterals } from "./literal.js";
import type { FlowParams, ParameterNode } from "./params.js";
import { RESULT } from "./structure-specs.js";
import { ambientOf } from "./tags.js";

export type Blueprint = {
  readonly flow: string;
  readonly origin: Origin;
  readonly graph: FlowGraph;
  readonly parameters: readonly ParameterNode[];
  readonly result: NodeId;
  /** Nodes whose refs the function returned. */
  readonly returned: readonly NodeId[];
  /** Undefined: the default (FLOW-6). */
  readonly references: readonly NodeId[] | undefined;
};

export type FlowFunction = (params: unknown) => unknown;

/** Throws what the function throws, and the errors of a graph that cannot run. */
export function buildBlueprint(
  flow: string,
  origin: Origin,
  tags: readonly string[],
  params: FlowParams,
  fn: FlowFunction,
): Blueprint {
  const build = new Build(flow, ambientOf(tags));
  const { given, nodes } = params.open(build);
  const shape = whileBuilding(build, () => shapeOf(build, fn(given)));
  if (build.misuse !== undefined) throw build.misuse;
  if (build.taskCount === 0) {
    throw new FlowError(
      "EMPTY_FLOW",
      `the function of the flow "${flow}" called no task: nothing would run. Call one in it`,
    );
  }
  const edges = edgesOf([shape]);
  const result = build.graph.addNode(RESULT, [shape], edges);
  const problems = checkGraph(build.graph);
  if (problems.length > 0) throw new InvalidGraph(flow, problems);
  const returned = [...new Set(edges.map((edge) => edge.from))];
  return { flow, origin, graph: build.graph, parameters: nodes, result, returned, references: build.references };
}

/** By its class: to ask the params' proxy for its `then` would be to read a parameter of that name. */
function shapeOf(build: Build, returned: unknown): GraphTree {
  if (returned instanceof Promise) {
    returned.catch(() => undefined);
    throw new FlowError(
      "FLOW_ASYNC",
      `the function of the flow "${build.flow}" is async, but it only builds the graph: move what it waits for into a task`,
    );
  }
  return literalTree(new TreeLiterals(build), returned, () => `what the flow "${build.flow}" returns`);
}
