// Owns: what is wrong with a graph, all of it at once. Does not own: what a user's call may take (`flow`).

import { MillraceError } from "../work/millrace-error.js";
import { EDGE, type FlowGraph } from "./flow-graph.js";
import { topologicalOrder } from "./order.js";

export type GraphProblem = { readonly code: string; readonly message: string; readonly slugs: readonly string[] };

export class InvalidGraph extends MillraceError {
  readonly problems: readonly GraphProblem[];

  constructor(flow: string, problems: readonly GraphProblem[]) {
    const lines = problems.map((problem) => `- ${problem.message}`).join("\n");
    super("INVALID_GRAPH", `the flow "${flow}" cannot run:\n${lines}`);
    this.problems = problems;
  }
}

/** Every problem of a complete graph; none means that it can run. */
export function checkGraph(graph: FlowGraph): readonly GraphProblem[] {
  const problems: GraphProblem[] = [];
  if (graph.size === 0) problems.push({ code: "EMPTY_GRAPH", message: "it has no tasks: call one in it", slugs: [] });
  let dangling = false;
  for (let node = 0; node < graph.size; node++) {
    const spec = graph.spec(node);
    let lists = 0;
    for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
      const from = graph.from(edge);
      if ((graph.flags(edge) & EDGE.mapped) !== 0) lists++;
      if (from < graph.size) continue;
      dangling = true;
      problems.push({
        code: "UNKNOWN_NODE",
        message: `"${graph.slug(node)}" waits for node ${from}, which is not in the graph: append that node first`,
        slugs: [graph.slug(node)],
      });
    }
    if (spec.kind === "task" && spec.mapped && lists === 0) problems.push(nothingToMap(graph.slug(node)));
    if (spec.kind === "parameter" && graph.inEnd(node) > graph.inFirst(node)) {
      const message = `the parameter "${spec.name}" cannot wait for anything: remove its upstream tasks`;
      problems.push({ code: "PARAMETER_DOWNSTREAM", message, slugs: [graph.slug(node)] });
    }
  }
  if (!dangling) problems.push(...cycleProblem(graph));
  return problems;
}

function nothingToMap(slug: string): GraphProblem {
  const message = `"${slug}" is mapped over nothing: give .map() at least one list that is not unmapped`;
  return { code: "NOTHING_TO_MAP", message, slugs: [slug] };
}

function cycleProblem(graph: FlowGraph): readonly GraphProblem[] {
  const found = topologicalOrder(graph);
  if (!("cycle" in found)) return [];
  const slugs = found.cycle.map((node) => graph.slug(node));
  const message = `these tasks wait for each other: ${slugs.join(" -> ")}. Remove one of these dependencies`;
  return [{ code: "CYCLE", message, slugs }];
}
