// Owns: a run's graph as its client sends it: nodes appended, specs by number, tasks that no code of this process stands behind.
// R1. What cannot be a piece of this graph throws, and the graph is as it was before its first node that could not be.

import { FlowGraph, type GraphChunk, MillraceError, type NodeSpec, type TaskFunction } from "@millrace/core/seam";
import type { ChunkNode } from "../protocol/graph-columns.js";
import type { FromClient } from "../protocol/messages.js";
import type { SentSpec } from "../protocol/spec-fields.js";

export class ReceivedGraph {
  readonly graph = new FlowGraph();
  private readonly specs: NodeSpec[] = [];

  /** Throws `GRAPH_REFUSED`, and what the graph throws. */
  append({ specs, nodes, last }: Extract<FromClient, { readonly kind: "graph" }>): GraphChunk {
    const { graph } = this;
    const first = graph.size;
    if (nodes.first !== first) throw refused(`nodes from ${nodes.first} on do not follow on ${first}`);
    for (const spec of specs) this.specs.push(specOf(spec));
    for (const node of nodes.nodes()) this.add(node);
    return { graph, first, end: graph.size, last };
  }

  private add({ spec: number, args, edges, slug }: ChunkNode): void {
    const spec = this.specs[number];
    if (spec === undefined) throw refused(`node ${this.graph.size} has the spec ${number}, which was not sent`);
    this.graph.addNode(spec, args, edges, slug);
  }
}

const refused = (why: string): MillraceError => new MillraceError("GRAPH_REFUSED", `the graph was refused: ${why}`);

/** The scheduler's process never runs user code. */
const elsewhere: TaskFunction = () => {
  throw new MillraceError("INTERNAL", "a scheduler runs no tasks");
};
const NOWHERE = { trace: {}, bodies: [] };

function specOf(spec: SentSpec): NodeSpec {
  if (spec.kind !== "task") return spec;
  const { task, refused: failure, ...data } = spec;
  const made = { name: task.name, origin: NOWHERE, key: task };
  return { ...data, fn: elsewhere, made: failure === undefined ? made : { ...made, refused: failure } };
}
