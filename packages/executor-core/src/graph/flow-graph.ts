// Owns: nodes, edges and slugs of one flow, as columns; append-only, but for arguments that are over (`forget`). Does not own: checks, order, states, values.
// G1. Ids are dense: node n is the n-th appended. In-edges of a node stand together, out-edges are linked in the order
//     in which they were added.
// G2. An edge may name a node that is appended later (a graph that came as data): `check` says whether all exist.
// G4. Of a graph that is one run's own, pages of nodes that are over go as a whole: what a run leaves behind is bounded.
// G3. 100,000 nodes of one task share one spec: what a node has of its own are numbers and its arguments.

import { CHILD_BASE, type NodeId, nodeId, PAGE_BITS, PAGE_MASK, PAGE_ROWS } from "../work/ids.js";
import { MillraceError } from "../work/millrace-error.js";
import type { Trigger } from "../work/policies.js";
import type { GraphTree } from "../work/value-tree.js";
import { U32Column } from "./columns.js";
import { type NodeSpec, slugPrefixOf } from "./node-spec.js";
import { Slugs } from "./slugs.js";

/** Bits of an edge. */
export const EDGE = {
  /** A value passes; without it the edge is order only. */
  data: 1,
  /** Element by element: child i sees element i, or child i of a mapped upstream. */
  mapped: 2,
  /** What became of the upstream, as a value. */
  settled: 4,
  /** With `settled`: element by element of the whole list. */
  each: 8,
  /** From the case that chooses this node's branch. */
  gate: 16,
  /** The same upstream stands on an earlier edge of this node: counted there (TRIG-6). */
  repeated: 32,
} as const;

export type EdgeInput = { readonly from: NodeId; readonly flags: number };
const NO_ARGS: readonly GraphTree[] = Object.freeze([]);
/** No edge: ids of edges in columns are shifted by one, so that 0 means none. */
const NONE = 0;

export class FlowGraph {
  readonly specs: NodeSpec[] = [];
  readonly slugs = new Slugs();
  /** By spec: made once, not for each of a hundred thousand nodes. */
  private readonly prefixes: string[] = [];
  private readonly specIds = new Map<NodeSpec, number>();
  private readonly specOf = new U32Column();
  private readonly argsOf: ((readonly GraphTree[])[] | undefined)[] = [];
  private readonly depths = new U32Column();
  private readonly inStart = new U32Column();
  /** Of the first node of each page: its neighbour before may outlive it. */
  private readonly pageInStart: number[] = [];
  /** Edges of dropped nodes, by page of edges. */
  private readonly goneEdges = new Map<number, number>();
  private readonly outFirst = new U32Column();
  private readonly outLast = new U32Column();
  private readonly edgeFrom = new U32Column();
  private readonly edgeTo = new U32Column();
  private readonly edgeFlags = new U32Column();
  private readonly edgeNext = new U32Column();
  /** Out-edges of nodes that do not exist yet (G2). */
  private readonly early = new Map<number, number[]>();

  get size(): number {
    return this.specOf.length;
  }

  /**
   * Appends a node; `slug` is the user's own. Throws `DUPLICATE_SLUG` where the slug is taken.
   */
  addNode(
    spec: NodeSpec,
    args: readonly GraphTree[] = NO_ARGS,
    edges: readonly EdgeInput[] = [],
    slug?: string,
  ): NodeId {
    const id = this.size;
    if (id >= CHILD_BASE) throw new MillraceError("GRAPH_TOO_LARGE", `a graph has at most ${CHILD_BASE} nodes`);
    const specId = this.intern(spec);
    this.slugs.add(id, this.prefixes[specId] ?? "", slug ?? (spec.kind === "parameter" ? spec.name : undefined));
    this.specOf.push(specId);
    if ((id & PAGE_MASK) === 0) {
      this.argsOf.push([]);
      this.pageInStart.push(this.edgeFrom.length);
    }
    this.argsOf[id >>> PAGE_BITS]?.push(args);
    this.inStart.push(this.edgeFrom.length);
    this.outFirst.push(NONE);
    this.outLast.push(NONE);
    let depth = 0;
    const seen = edges.length > 1 ? new Set<number>() : undefined;
    for (const edge of edges) {
      this.addEdge(edge, id, seen?.has(edge.from) === true);
      seen?.add(edge.from);
      if (edge.from < id) depth = Math.max(depth, this.depthBehind(edge.from));
    }
    this.depths.push(depth);
    const waiting = this.early.get(id);
    if (waiting !== undefined) {
      this.early.delete(id);
      for (const edge of waiting) this.linkOut(id, edge);
    }
    return nodeId(id);
  }

  spec(node: number): NodeSpec {
    const spec = this.specs[this.specOf.at(node)];
    if (spec === undefined) throw new RangeError(`no node ${node} in this graph`);
    return spec;
  }

  triggerOf(node: number): Trigger {
    const spec = this.spec(node);
    return spec.kind === "task" ? (spec.trigger ?? "allSuccessful") : "allSuccessful";
  }

  /** The number of the node's spec: equal for nodes that share it. */
  specId(node: number): number {
    return this.specOf.at(node);
  }

  args(node: number): readonly GraphTree[] {
    return this.argsOf[node >>> PAGE_BITS]?.[node & PAGE_MASK] ?? NO_ARGS;
  }

  /** Of a node that is over: its arguments go, and its own slug. Only where the graph is one run's own. */
  forget(node: number): void {
    const args = this.argsOf[node >>> PAGE_BITS];
    if (args !== undefined) args[node & PAGE_MASK] = NO_ARGS;
    this.slugs.forget(node);
  }

  /** G4: every node of this page was forgotten. `edges`: nobody walks along theirs any more. */
  dropPage(page: number, edges: boolean): void {
    if (edges) this.dropEdges(this.pageInStart[page] ?? 0, this.pageInStart[page + 1] ?? this.edgeFrom.length);
    this.argsOf[page] = undefined;
    for (const column of [this.specOf, this.depths, this.inStart, this.outFirst, this.outLast]) column.drop(page);
    this.slugs.drop(page);
  }

  private dropEdges(first: number, end: number): void {
    for (let edge = first; edge < end; ) {
      const page = edge >>> PAGE_BITS;
      const count = Math.min(end, (page + 1) * PAGE_ROWS) - edge;
      const gone = (this.goneEdges.get(page) ?? 0) + count;
      this.goneEdges.set(page, gone);
      if (gone === PAGE_ROWS) {
        this.goneEdges.delete(page);
        for (const column of [this.edgeFrom, this.edgeTo, this.edgeFlags, this.edgeNext]) column.drop(page);
      }
      edge += count;
    }
  }

  /** Edges on the longest way from a root; a value that is there from the start is no step. */
  depth(node: number): number {
    return this.depths.at(node);
  }

  slug(node: number): string {
    return this.slugs.slug(node);
  }

  /** In-edges of a node are `inFirst(node) .. inEnd(node) - 1`. */
  inFirst(node: number): number {
    return this.inStart.at(node);
  }

  inEnd(node: number): number {
    const next = node + 1;
    if (next >= this.size) return this.edgeFrom.length;
    return (next & PAGE_MASK) === 0 ? (this.pageInStart[next >>> PAGE_BITS] ?? 0) : this.inStart.at(next);
  }

  from(edge: number): NodeId {
    return nodeId(this.edgeFrom.at(edge));
  }

  to(edge: number): NodeId {
    return nodeId(this.edgeTo.at(edge));
  }

  flags(edge: number): number {
    return this.edgeFlags.at(edge);
  }

  /** The first out-edge, or -1. */
  outEdge(node: number): number {
    return this.outFirst.at(node) - 1;
  }

  /** The out-edge after this one, or -1. */
  nextOut(edge: number): number {
    return this.edgeNext.at(edge) - 1;
  }

  private depthBehind(from: number): number {
    const { kind } = this.spec(from);
    return kind === "constant" || kind === "parameter" ? 0 : this.depths.at(from) + 1;
  }

  private intern(spec: NodeSpec): number {
    let id = this.specIds.get(spec);
    if (id === undefined) {
      id = this.specs.length;
      this.specs.push(spec);
      this.prefixes.push(slugPrefixOf(spec));
      this.specIds.set(spec, id);
    }
    return id;
  }

  private addEdge(edge: EdgeInput, to: number, repeated: boolean): void {
    const id = this.edgeFrom.length;
    this.edgeFrom.push(edge.from);
    this.edgeTo.push(to);
    this.edgeFlags.push(repeated ? edge.flags | EDGE.repeated : edge.flags);
    this.edgeNext.push(NONE);
    if (edge.from <= to) this.linkOut(edge.from, id);
    else {
      const waiting = this.early.get(edge.from);
      if (waiting === undefined) this.early.set(edge.from, [id]);
      else waiting.push(id);
    }
  }

  private linkOut(from: number, edge: number): void {
    const last = this.outLast.at(from);
    if (last === NONE) this.outFirst.set(from, edge + 1);
    else this.edgeNext.set(last - 1, edge + 1);
    this.outLast.set(from, edge + 1);
  }
}
