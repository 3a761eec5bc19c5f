// Owns: reading nodes into the run. Reading is a cursor: a graph of any size costs its share of each event.
// E1. A node that is read counts what of its upstream is satisfied already, and is held for its known consumers.

import type { GraphChunk } from "../graph/graph-chunk.js";
import { PAGE_MASK } from "../work/ids.js";
import { InternalError } from "../work/millrace-error.js";
import type { Chore } from "./agenda.js";
import { countReaders } from "./forgetting.js";
import { isSatisfied } from "./open-lists.js";
import type { RunState } from "./run-state.js";
import { decideNode } from "./settle.js";
import { holdForConsumers, holdForNewNode } from "./value-lifetime.js";

export function onGraphExtended(s: RunState, chunk: GraphChunk): void {
  if (chunk.first !== s.known || s.lastSeen)
    throw new InternalError(`nodes from ${chunk.first} on do not extend ${s.known}`);
  const idle = s.read === s.known;
  s.graph = chunk.graph;
  s.known = chunk.end;
  s.expectNodes(chunk.end);
  s.lastSeen = chunk.last;
  if (s.ownsGraph && s.lineage.on) for (let node = chunk.first; node < chunk.end; node++) countReaders(s, node);
  if (s.read > 0) for (let node = chunk.first; node < chunk.end; node++) holdForNewNode(s, node);
  if (idle) s.agenda.addChore(new ReadChore(s));
}

class ReadChore implements Chore {
  private readonly s: RunState;

  constructor(s: RunState) {
    this.s = s;
  }

  run(): boolean {
    const s = this.s;
    while (s.read < s.known) {
      if (s.budget <= 0) return false;
      s.budget--;
      readNode(s, s.read++);
    }
    return true;
  }
}

function readNode(s: RunState, node: number): void {
  s.unfinished++;
  s.table.writable(node);
  holdForConsumers(s, node);
  // A wide fan-in costs its share of the event.
  s.budget -= (s.graph.inEnd(node) - s.graph.inFirst(node)) >> 2;
  let wait = 0;
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) if (!isSatisfied(s, edge)) wait++;
  s.nodePage(node).wait[node & PAGE_MASK] = wait;
  if (wait === 0 || s.cancelReason !== undefined || s.cancelling.has(node)) decideNode(s, node);
}
