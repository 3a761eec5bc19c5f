// Owns: a piece of graph on its way into a run. In process a view of the graph; over a wire its columns.

import type { FlowGraph } from "./flow-graph.js";

/** Nodes `first .. end - 1` of a graph. */
export type GraphChunk = {
  readonly graph: FlowGraph;
  readonly first: number;
  readonly end: number;
  /** No more will come. */
  readonly last: boolean;
};
