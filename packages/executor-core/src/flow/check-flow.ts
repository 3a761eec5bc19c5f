// Owns: everything that is wrong with a flow, or looks wrong, without running it.
// Does not own: what makes a graph impossible to run (`graph/check`).

import { type GraphProblem, InvalidGraph } from "../graph/check.js";
import { EDGE, type FlowGraph } from "../graph/flow-graph.js";
import type { NodeSpec } from "../graph/node-spec.js";
import type { NodeId } from "../work/ids.js";
import type { Blueprint } from "./blueprint.js";

export type FlowProblem = GraphProblem & { readonly severity: "error" | "warning" };

/** The problems of what `build` gives or throws. */
export function checkFlow(build: () => Blueprint): readonly FlowProblem[] {
  try {
    return missingValues(build().graph);
  } catch (error) {
    if (error instanceof InvalidGraph) return error.problems.map((problem) => ({ ...problem, severity: "error" }));
    const code = error instanceof Error && "code" in error ? String(error.code) : "FLOW_FUNCTION_THREW";
    const message = error instanceof Error ? error.message : String(error);
    return [{ code, message, slugs: [], severity: "error" }];
  }
}

/** A task that may run after a failure or skip, but takes the value as if there always were one. */
function missingValues(graph: FlowGraph): readonly FlowProblem[] {
  const problems: FlowProblem[] = [];
  for (let node = 0; node < graph.size; node++) {
    if (!mayRunWithout(graph.spec(node))) continue;
    for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
      const from = graph.from(edge);
      const isPlainData = (graph.flags(edge) & (EDGE.data | EDGE.settled)) === EDGE.data;
      if (isPlainData && !isAlwaysThere(graph.spec(from))) problems.push(missingValue(graph, node, from, edge));
    }
  }
  return problems;
}

/** By these rules the task runs where an upstream task has no value. */
function mayRunWithout(spec: NodeSpec): boolean {
  if (spec.kind !== "task") return false;
  const { trigger = "allSuccessful", skipOnUpstreamSkip = true } = spec;
  return !skipOnUpstreamSkip || (trigger !== "allSuccessful" && trigger !== "notAllSkipped");
}

function isAlwaysThere(spec: NodeSpec): boolean {
  return spec.kind === "parameter" || spec.kind === "constant";
}

function missingValue(graph: FlowGraph, node: number, from: NodeId, edge: number): FlowProblem {
  const [slug, upstream] = [graph.slug(node), graph.slug(from)];
  const remedy = (graph.flags(edge) & EDGE.mapped) === 0 ? "settled" : "settledEach";
  return {
    code: "VALUE_MAY_BE_MISSING",
    message: `"${slug}" may run where "${upstream}" failed or was skipped, and then fails for want of its value: take it as ${remedy}(...)`,
    slugs: [slug, upstream],
    severity: "warning",
  };
}
