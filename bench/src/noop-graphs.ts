// Owns: graphs of tasks that do nothing, made below the public API: for benches of the scheduler and of graphs alone.
import { EDGE, FlowGraph, type TaskSpec } from "@millrace/core/internal";

const NODE: TaskSpec = {
  kind: "task",
  name: "noop",
  tags: [],
  fn: () => undefined,
  made: { name: "noop", origin: { trace: {}, bodies: [] } },
  args: [],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: "never",
  trigger: undefined,
  skipOnUpstreamSkip: undefined,
  mapped: false,
  maxConcurrency: undefined,
  maxOpenPipelines: undefined,
};

/** Nodes of their own, without edges. */
export function loneNodes(count: number): FlowGraph {
  const graph = new FlowGraph();
  for (let i = 0; i < count; i++) graph.addNode(NODE);
  return graph;
}

/** Each node of a chain waits for the one before; all of a fan wait for node 0. */
export function chainAndFan(count: number): FlowGraph {
  const graph = new FlowGraph();
  const root = graph.addNode(NODE);
  let last = root;
  for (let i = 0; i < count; i++) last = graph.addNode(NODE, [], [{ from: last, flags: 0 }]);
  for (let i = 0; i < count; i++) graph.addNode(NODE, [], [{ from: root, flags: 0 }]);
  return graph;
}

/** Node 0 is a parameter, node 1 a map over it. */
export function mapOverParameter(): FlowGraph {
  const graph = new FlowGraph();
  const list = graph.addNode({ kind: "parameter", name: "list" });
  const element = { kind: "element", of: { kind: "ref", ref: list } } as const;
  graph.addNode({ ...NODE, mapped: true }, [element], [{ from: list, flags: EDGE.data | EDGE.mapped }]);
  return graph;
}
