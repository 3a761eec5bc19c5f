// Owns: what a client says of nodes by id: what of them has come is passed on; the rest waits here as it came, in runs.
// N1. Neither memory nor a step is spent on an id whose node has not come, nor on one that is named twice: a frame of a few bytes
//     can name two thousand million.

import { MillraceError, nodeId, type NodeId } from "@millrace/core/seam";
import { IdRuns } from "../protocol/id-runs.js";
import { ROWS_MAX } from "../protocol/limits.js";

/** What is to become of nodes. */
export type Naming =
  | { readonly kind: "keep" }
  | { readonly kind: "forget" }
  | { readonly kind: "cancel"; readonly reason: string };

type Ahead = { readonly naming: Naming; readonly ids: IdRuns };

export class NodeNames {
  private ahead: Ahead[] = [];
  private aheadRuns = 0;
  private readonly pass: (naming: Naming, nodes: readonly NodeId[]) => void;

  constructor(pass: (naming: Naming, nodes: readonly NodeId[]) => void) {
    this.pass = pass;
  }

  /** `size`: so many nodes have come. Throws `GRAPH_REFUSED`. */
  say(naming: Naming, ids: IdRuns, size: number): void {
    const { firsts, ends } = ids;
    const nodes: NodeId[] = [];
    const [restFirsts, restEnds]: [number[], number[]] = [[], []];
    let rest = 0;
    for (let run = 0, start = 0; run < firsts.length; run++) {
      const [first, end] = [firsts[run] ?? 0, ends[run] ?? 0];
      const [after, count] = [first + end - start, end - start];
      start = end;
      const here = Math.max(0, Math.min(after, size) - first);
      if (nodes.length + here > size) throw refused("a node is named twice in one message");
      for (let node = first; node < first + here; node++) nodes.push(nodeId(node));
      if (here === count) continue;
      rest += count - here;
      restFirsts.push(first + here);
      restEnds.push(rest);
    }
    if (nodes.length > 0) this.pass(naming, nodes);
    if (rest > 0) this.wait({ naming, ids: new IdRuns(restFirsts, restEnds) });
  }

  /** More nodes have come. */
  grown(size: number): void {
    const { ahead } = this;
    this.ahead = [];
    this.aheadRuns = 0;
    for (const { naming, ids } of ahead) this.say(naming, ids, size);
  }

  private wait(ahead: Ahead): void {
    this.aheadRuns += ahead.ids.firsts.length;
    if (this.aheadRuns > ROWS_MAX) throw refused("too many nodes are named that have not come");
    this.ahead.push(ahead);
  }
}

/** Of ids that are all nodes that have come, and no more of them than there are. */
export function nodesWithin(ids: IdRuns, size: number): Iterable<NodeId> {
  let start = 0;
  const isWithin = ids.firsts.every((first, run) => {
    const [from, end] = [start, ids.ends[run] ?? 0];
    start = end;
    return first + end - from <= size;
  });
  if (!isWithin || ids.length > size) throw refused("a node is named that never came, or one twice");
  return [...ids].map(nodeId);
}

const refused = (why: string): MillraceError => new MillraceError("GRAPH_REFUSED", `the graph was refused: ${why}`);
