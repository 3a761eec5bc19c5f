// Owns: a graph on its way to the scheduler: chunks of nodes, each spec once, what stands inline as bytes.
// Does not own: how many nodes may go (`client-run`), reading them again (`scheduler/received-graph`).
// G1. No function leaves the process: a task goes as its key, and a value with a function inside is refused with its path.
// G2. A node whose arguments cannot be sent goes all the same, and fails by itself when it would begin: the others do not suffer.
// G3. A chunk fits into a frame, whatever its nodes are: it is cut by what they weigh.

import {
  EDGE,
  type EdgeInput,
  encodeValue,
  type FailureData,
  type FlowGraph,
  type FlowRunId,
  type GraphTree,
  mapInline,
  MillraceError,
  type NodeSpec,
  type TaskKey,
  type TaskSpec,
} from "@millrace/core/pure";
import { type ChunkNode, GraphBuilder } from "../../protocol/graph-columns.js";
import type { FromClient } from "../../protocol/messages.js";
import { Opaque } from "../../protocol/opaque.js";
import type { SentSpec } from "../../protocol/spec-fields.js";
import { ClientError } from "./client-error.js";
import { edgesWeight, specWeight, textWeight, treeWeight } from "./weights.js";

/** By which the function of a task is found again elsewhere (D7). */
export type KeyOf = (spec: TaskSpec) => TaskKey;

/** Of the chunk, and of its last node. */
type Weigh = { bytes: number; node: number };
type SpecAndArgs = Omit<ChunkNode, "slug">;

const NODES_MAX = 4_096;
/** What one chunk weighs, beyond which the next node begins another. */
const BYTES_FULL = 1_048_576;
/** Of one node's arguments, and of its edges: a frame has room for both, and for a chunk that was nearly full. */
const NODE_BYTES_MAX = 8_388_608;

export class GraphSender {
  private readonly keyOf: KeyOf;
  private readonly specs = new Map<NodeSpec, number>();
  /** Structure that could not be sent. */
  private readonly refused = new Map<number, FailureData>();
  private count = 0;

  constructor(keyOf: KeyOf) {
    this.keyOf = keyOf;
  }

  /** Nodes from `first` on, fewer than asked for where they are large; `last`: no more come after `end`. Throws `NODE_TOO_LARGE`. */
  chunk(
    run: FlowRunId,
    graph: FlowGraph,
    { first, end, last }: { readonly first: number; readonly end: number; readonly last: boolean },
  ): { readonly message: FromClient; readonly end: number } {
    const builder = new GraphBuilder(first);
    const specs: SentSpec[] = [];
    const weigh = { bytes: 0, node: 0 };
    let node = first;
    for (; node < end && builder.length < NODES_MAX && weigh.bytes < BYTES_FULL; node++) {
      const short = graph.slugs.short(node);
      const slug = typeof short === "string" ? short : undefined;
      weigh.bytes += this.weightBeside(graph, node, slug);
      const known = specs.length;
      builder.add({ ...this.specAndArgs(graph, node, specs, weigh), slug });
      for (const spec of specs.slice(known)) weigh.bytes += specWeight(spec);
    }
    const message: FromClient = { kind: "graph", run, specs, nodes: builder.columns(), last: last && node === end };
    return { message, end: node };
  }

  /** No more nodes will come. */
  noNodes(run: FlowRunId, first: number): FromClient {
    return { kind: "graph", run, specs: [], nodes: new GraphBuilder(first).columns(), last: true };
  }

  /** Nothing that will be sent reads it. */
  forget(node: number): void {
    this.refused.delete(node);
  }

  /** A tree that stands by itself. */
  tree(tree: GraphTree): GraphTree {
    return this.encoded(tree, { bytes: 0, node: 0 }, () => "the value that is asked for");
  }

  /** Of what goes with a node whatever its arguments are. */
  private weightBeside(graph: FlowGraph, node: number, slug: string | undefined): number {
    const edges = edgesWeight(graph.inEnd(node) - graph.inFirst(node));
    if (edges > NODE_BYTES_MAX)
      throw new ClientError(
        "NODE_TOO_LARGE",
        `"${graph.slug(node)}" waits for more than can be sent along with one node: gather it in several steps`,
      );
    return edges + (slug === undefined ? 0 : textWeight(slug));
  }

  /** G2. */
  private specAndArgs(graph: FlowGraph, node: number, fresh: SentSpec[], weigh: Weigh): SpecAndArgs {
    const spec = graph.spec(node);
    const upstream = this.refusedUpstream(graph, node);
    if (upstream !== undefined) return this.refuse(spec, graph, node, fresh, upstream, true);
    const place = (i: number) => (): string => `argument ${i + 1} of "${graph.slug(node)}"`;
    weigh.node = 0;
    try {
      const args = graph.args(node).map((tree, i) => this.encoded(tree, weigh, place(i)));
      const compared = (): string => `the value that "${graph.slug(node)}" compares with`;
      return {
        spec: this.numberOf(spec, fresh, (value) => this.opaque(value, weigh, compared)),
        args,
        edges: edgesOf(graph, node, ALL_FLAGS),
      };
    } catch (error) {
      if (!(error instanceof MillraceError)) throw error;
      const { name, message, code } = error;
      return this.refuse(spec, graph, node, fresh, { name, message, code }, false);
    }
  }

  private refuse(
    spec: NodeSpec,
    graph: FlowGraph,
    node: number,
    fresh: SentSpec[],
    why: FailureData,
    isHeirs: boolean,
  ): SpecAndArgs {
    if (spec.kind !== "task") this.refused.set(node, why);
    fresh.push(refusedSpec(spec, graph.slug(node), why, isHeirs));
    return { spec: this.count++, args: [], edges: edgesOf(graph, node, EDGE.settled | EDGE.gate) };
  }

  /** What is no task shows nowhere: whoever reads it says why it is not there. */
  private refusedUpstream(graph: FlowGraph, node: number): FailureData | undefined {
    if (this.refused.size === 0) return undefined;
    for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
      const why = this.refused.get(graph.from(edge));
      if (why !== undefined) return why;
    }
    return undefined;
  }

  private numberOf(spec: NodeSpec, fresh: SentSpec[], opaque: (value: unknown) => Opaque): number {
    const known = this.specs.get(spec);
    if (known !== undefined) return known;
    // First of all: no number is taken for what cannot be sent.
    fresh.push(this.sent(spec, opaque));
    this.specs.set(spec, this.count);
    return this.count++;
  }

  private sent(spec: NodeSpec, opaque: (value: unknown) => Opaque): SentSpec {
    if (spec.kind === "case" && spec.test.is === "equal")
      return { ...spec, test: { is: "equal", value: opaque(spec.test.value) } };
    if (spec.kind !== "task") return spec;
    const { fn: _fn, made: _made, ...data } = spec;
    return { ...data, task: this.keyOf(spec) };
  }

  private encoded(tree: GraphTree, weigh: Weigh, where: () => string): GraphTree {
    addWeight(weigh, treeWeight(tree), where);
    if (tree.kind === "ref") return tree;
    return mapInline(tree, (value) => this.opaque(value, weigh, where));
  }

  private opaque(value: unknown, weigh: Weigh, where: () => string): Opaque {
    const { bytes, beside } = encodeValue(value, { name: where() });
    addWeight(weigh, beside.length > 0 ? Number.POSITIVE_INFINITY : bytes.length, where);
    return new Opaque(bytes);
  }
}

function addWeight(weigh: Weigh, bytes: number, where: () => string): void {
  weigh.node += bytes;
  if (weigh.node > NODE_BYTES_MAX)
    throw new ClientError(
      "ARGUMENT_TOO_LARGE",
      `${where()} is too large to be sent along with the graph: make it a parameter of the flow, or make it in a task`,
    );
  weigh.bytes += bytes;
}

/** A task in its place, that fails when it would begin. `isHeirs`: for what it was to read. */
function refusedSpec(spec: NodeSpec, slug: string, refused: FailureData, isHeirs: boolean): SentSpec {
  const rules = spec.kind === "task" ? spec : undefined;
  return {
    kind: "task",
    name: slug,
    tags: [],
    task: { code: "", source: "", name: slug },
    args: [],
    retry: { retries: 0, delayMs: 0 },
    timeoutMs: undefined,
    rerun: "never",
    trigger: isHeirs ? "allFinished" : rules?.trigger,
    skipOnUpstreamSkip: isHeirs ? false : rules?.skipOnUpstreamSkip,
    mapped: false,
    maxConcurrency: undefined,
    maxOpenPipelines: undefined,
    refused,
  };
}

const ALL_FLAGS = -1;

function edgesOf(graph: FlowGraph, node: number, flags: number): readonly EdgeInput[] {
  const edges: EdgeInput[] = [];
  for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++)
    edges.push({ from: graph.from(edge), flags: graph.flags(edge) & flags });
  return edges;
}
