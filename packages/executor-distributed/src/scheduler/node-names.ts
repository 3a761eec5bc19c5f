// Owns: what a client says of nodes by id: what of them has come is passed on; the rest waits here as it came, in runs.
// N1. Neither memory nor a step is spent on an id whose node has not come, nor on one that is named twice: a frame of a few bytes
//     can name two thousand million.

import { MillraceError, nodeId, type NodeId } from "@millrace/core/seam";
import { Heap, type Heaped } from "../placement/heap.js";
import type { IdRuns } from "../protocol/id-runs.js";
import { NAMES_AHEAD_MAX } from "../protocol/limits.js";

/** What is to become of nodes. */
export type Naming =
  | { readonly kind: "keep" }
  | { readonly kind: "forget" }
  | { readonly kind: "cancel"; readonly reason: string };

type Run = { readonly first: number; readonly count: number };

/** Stands where its first node does; of one node what was said first comes first. */
class Ahead implements Heaped {
  heapAt = -1;
  readonly key: number;
  readonly tie: number;
  readonly count: number;
  readonly naming: Naming;

  constructor(first: number, order: number, count: number, naming: Naming) {
    this.key = first;
    this.tie = order;
    this.count = count;
    this.naming = naming;
  }
}

export class NodeNames {
  private readonly ahead = new Heap<Ahead>();
  private orders = 0;
  private readonly pass: (naming: Naming, nodes: readonly NodeId[]) => void;

  constructor(pass: (naming: Naming, nodes: readonly NodeId[]) => void) {
    this.pass = pass;
  }

  /** `size`: so many nodes have come. Throws `GRAPH_REFUSED`. */
  say(naming: Naming, ids: IdRuns, size: number): void {
    const order = ++this.orders;
    const nodes: NodeId[] = [];
    for (const { first, count } of sortedRuns(ids)) this.take(new Ahead(first, order, count, naming), size, nodes);
    if (nodes.length > 0) this.pass(naming, nodes);
  }

  /** More nodes have come. What was said of them is passed on as it was said. */
  grown(size: number): void {
    const due: Ahead[] = [];
    for (let next = this.ahead.first; next !== undefined && next.key < size; next = this.ahead.first) {
      this.ahead.remove(next);
      due.push(next);
    }
    due.sort((a, b) => a.tie - b.tie);
    let nodes: NodeId[] = [];
    let naming: Naming | undefined;
    for (const each of due) {
      if (naming !== undefined && !isSame(naming, each.naming)) {
        this.pass(naming, nodes);
        nodes = [];
      }
      naming = each.naming;
      this.take(each, size, nodes);
    }
    if (naming !== undefined) this.pass(naming, nodes);
  }

  /** Nodes that are there are added to `nodes`; the rest waits. */
  private take({ key: first, tie, count, naming }: Ahead, size: number, nodes: NodeId[]): void {
    const here = Math.max(0, Math.min(count, size - first));
    for (let node = first; node < first + here; node++) nodes.push(nodeId(node));
    if (here === count) return;
    if (this.ahead.size >= NAMES_AHEAD_MAX) throw refused("too many nodes are named that have not come");
    this.ahead.add(new Ahead(first + here, tie, count - here, naming));
  }
}

const isSame = (a: Naming, b: Naming): boolean => a === b || (a.kind === b.kind && a.kind !== "cancel");

/** By their first ids. */
function sortedRuns({ firsts, ends }: IdRuns): readonly Run[] {
  const runs = firsts.map((first, i): Run => ({ first, count: (ends[i] ?? 0) - (i === 0 ? 0 : (ends[i - 1] ?? 0)) }));
  runs.sort((a, b) => a.first - b.first);
  let end = 0;
  for (const { first, count } of runs) {
    if (first < end) throw refused("a node is named twice in one message");
    end = first + count;
  }
  return runs;
}

/** Of ids that are all nodes that have come, each named once. */
export function nodesWithin(ids: IdRuns, size: number): Iterable<NodeId> {
  const last = sortedRuns(ids).at(-1);
  if (last !== undefined && last.first + last.count > size) throw refused("a node is named that never came");
  return [...ids].map(nodeId);
}

const refused = (why: string): MillraceError => new MillraceError("GRAPH_REFUSED", `the graph was refused: ${why}`);
