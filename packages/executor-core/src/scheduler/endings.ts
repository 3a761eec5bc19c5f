// Owns: how a node ends, and what that opens behind it. Never by recursion: what can be decided goes onto the agenda.
// D1. A node waits for edges; a mapped parent satisfies those that are mapped over it when it expands, the others when its
//     last child has ended.

import { EDGE } from "../graph/flow-graph.js";
import { cancelledFailure } from "../states/failures.js";
import type { FailureData } from "../work/failure-data.js";
import { nodeId, PAGE_MASK } from "../work/ids.js";
import { STATE, type StateCode } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import type { Chore } from "./agenda.js";
import { FLAG } from "./node-page.js";
import { isOpenList, notifyList } from "./open-lists.js";
import { recheckPipelinesAbove } from "./pipelines.js";
import { rankOf } from "./ready-queue.js";
import type { RunState } from "./run-state.js";
import { noteTriggerCause } from "./trigger-causes.js";
import { onNodeComplete } from "./value-lifetime.js";

export function makeReady(s: RunState, node: number): void {
  s.setFlag(node, FLAG.queued);
  const spec = s.graph.spec(node);
  s.ready.push(node, rankOf(s.graph.depth(node), spec.kind === "task" ? spec.priority : undefined));
}

/** A node that ends without an attempt. */
export function endNode(s: RunState, node: number, state: StateCode): void {
  s.transition(node, state);
  if (state === STATE.TriggerFailed) noteTriggerCause(s, node, node, -1);
  completeNode(s, node);
}

/** Before it was sent, or while it waits to be tried again. */
export function endCancelled(s: RunState, node: number, reason: string): void {
  s.cancelling.delete(node);
  s.tries.delete(node);
  s.table.failures.set(node, cancelledFailure(reason));
  endNode(s, node, STATE.Cancelled);
}

export function failNode(s: RunState, node: number, failure: FailureData): void {
  s.fail(node, STATE.Failed, failure);
  completeNode(s, node);
}

/** The node, and every child of it, has ended. */
export function completeNode(s: RunState, node: number): void {
  if (s.isComplete(node)) throw new InternalError(`${s.rowName(node)} completes twice`);
  s.setFlag(node, FLAG.complete);
  s.unfinished--;
  s.ends?.push(nodeId(node));
  // The sweep ends all that waits, and a cancelled run lets go as a whole.
  if (s.cancelReason !== undefined) return;
  onNodeComplete(s, node);
  const edge = s.graph.outEdge(node);
  if (edge < 0) return;
  const mapped = s.maps.has(node);
  if (!mapped && s.limitedMaps.length > 0) recheckPipelinesAbove(s, node);
  satisfyOut(s, edge, mapped || isOpenList(s.graph, node) ? "whole" : "all");
}

/** Which out-edges are satisfied: all, those mapped over children, or the others. */
export type Which = "all" | "whole" | "through";

/** Lowers `wait` behind these edges; a wide fan goes on as a chore. */
export function satisfyOut(s: RunState, first: number, which: Which): void {
  const chore = new OutChore(s, first, which);
  if (!chore.run()) s.agenda.addChore(chore);
}

class OutChore implements Chore {
  private readonly s: RunState;
  private edge: number;
  private readonly which: Which;
  /** What is read later counts this ending when it is read, also while this chore goes on. */
  private readonly readEnd: number;

  constructor(s: RunState, edge: number, which: Which) {
    this.s = s;
    this.edge = edge;
    this.which = which;
    this.readEnd = s.read;
  }

  run(): boolean {
    const s = this.s;
    const graph = s.graph;
    while (this.edge >= 0) {
      const edge = this.edge;
      const to = graph.to(edge);
      // Out-edges stand in the order of the nodes that they lead to.
      if (to >= this.readEnd) return true;
      if (s.budget <= 0) return false;
      s.budget--;
      this.edge = graph.nextOut(edge);
      if (s.openLists.size > 0 && this.which !== "through") notifyList(s, to, edge);
      const through = (graph.flags(edge) & EDGE.mapped) !== 0;
      if (this.which !== "all" && through !== (this.which === "through")) continue;
      lowerWait(s, to);
    }
    return true;
  }
}

function lowerWait(s: RunState, node: number): void {
  const page = s.nodePage(node);
  const at = node & PAGE_MASK;
  const left = (page.wait[at] ?? 0) - 1;
  if (left < 0) throw new InternalError(`${s.rowName(node)} waits for less than nothing`);
  page.wait[at] = left;
  if (left === 0) s.agenda.nodes.push(node);
}
