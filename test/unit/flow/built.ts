/** What a flow's function built, as text that a test can compare. */
import { type AnyFlow, type Flow, FlowError, flow } from "@millrace/core";
import { coreOf, EDGE, type FlowGraph, type GraphTree } from "@millrace/core/internal";

export const blueprintOf = (built: AnyFlow) => coreOf(built).blueprint();

/** The graph of a function that needs no parameters. */
export const graphOf = (fn: () => unknown): FlowGraph => blueprintOf(flow("test", fn)).graph;

/** The nodes of a flow, one line each: `slug kind(args) <- edges`; the node `result` is left out. */
export function linesOf(built: AnyFlow | (() => unknown)): string[] {
  const made: AnyFlow = typeof built === "function" ? flow("test", built) : built;
  const { graph } = blueprintOf(made);
  return Array.from({ length: graph.size - 1 }, (_, node) => lineOf(graph, node));
}

export function lineOf(graph: FlowGraph, node: number): string {
  const args = graph.args(node).map((tree) => treeText(graph, tree));
  const edges = edgesOf(graph, node);
  return `${graph.slug(node)}(${args.join(", ")})${edges.length > 0 ? ` <- ${edges.join(", ")}` : ""}`;
}

/** `slug data mapped`: the flags of an edge, in the order of their bits; `order` without data. */
export function edgesOf(graph: FlowGraph, node: number): string[] {
  const edges: string[] = [];
  for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
    const flags = graph.flags(edge);
    const names = Object.entries(EDGE).flatMap(([name, bit]) => ((flags & bit) !== 0 ? [name] : []));
    edges.push([graph.slug(graph.from(edge)), ...names].join(" "));
  }
  return edges;
}

/** `[slug]` is a ref; everything else is written like a call. */
export function treeText(graph: FlowGraph, tree: GraphTree): string {
  const text = (of: GraphTree): string => treeText(graph, of);
  switch (tree.kind) {
    case "inline":
      return typeof tree.value === "number" ? `${tree.value}` : (JSON.stringify(tree.value) ?? "undefined");
    case "ref":
      return `[${graph.slug(tree.ref)}]`;
    case "pick":
      return `pick(${text(tree.of)}, ${text(tree.key)})`;
    case "list":
      return `list(${tree.items.map(text).join(", ")})`;
    case "record":
      return `record(${tree.items.map((item, i) => `${tree.keys[i]}: ${text(item)}`).join(", ")})`;
    case "element":
    case "settled":
    case "settledEach":
    case "succeeded":
      return `${tree.kind}(${text(tree.of)})`;
    default:
      return tree.kind;
  }
}

/** The error that building throws; its code is in front. */
export function buildError(fn: (() => unknown) | Flow<never, unknown> | AnyFlow): string {
  const made: AnyFlow = typeof fn === "function" ? flow("test", fn) : fn;
  return errorOf(() => blueprintOf(made));
}

export function errorOf(fn: () => unknown): string {
  try {
    fn();
  } catch (error) {
    if (error instanceof FlowError) return `${error.code}: ${error.message}`;
    if (error instanceof Error && "code" in error) return `${String(error.code)}: ${error.message}`;
    return String(error);
  }
  return "no error";
}
