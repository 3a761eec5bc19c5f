// Owns: noticing that a run can make no more progress, and telling what waits for what: it ends instead of standing still.
// Does not own: whether a runner answers: what is sent and silent is not stuck.
// S1. Stuck: something is left to do, and nothing is under way that could lead to an event: no work sent, no question asked, no
//     retry due, nothing on the agenda, nothing that only waits for demand. What has been heard of the graph waits for nothing that
//     comes later, so that it does not matter whether more of it will come.

import { type NodeId, nodeId } from "../work/ids.js";
import { isStalled } from "./dispatching.js";
import { explain } from "./explain.js";
import { nextRetryMs } from "./on-outcomes.js";
import type { RunState } from "./run-state.js";

const NAMED_MAX = 10;

/** S1. Asked after every event after which no work is open: the first looks mostly decide. */
export function isStuck(s: RunState): boolean {
  if (s.open > 0 || !hasMoreToDo(s) || s.stuck) return false;
  if (!s.agenda.empty || s.passedOver || s.asks.sent > 0) return false;
  // What was cancelled meanwhile is waited for no more, though it stands there.
  if (s.timers.size > 0 && nextRetryMs(s) < Number.POSITIVE_INFINITY) return false;
  return s.cancelReason !== undefined || (s.ready.empty && s.lineage.ready.empty && !isStalled(s));
}

function hasMoreToDo(s: RunState): boolean {
  if (s.finished) return s.asks.size > 0 || s.lineage.remakes.size > 0;
  return s.unfinished !== 0 || s.read < s.known;
}

/** The run ends by it: once. */
export function endStuck(s: RunState): void {
  s.stuck = true;
  const names = unfinished(s);
  const waits = names.map((node) => explain(s, node, s.now).sentence);
  const left = s.unfinished + s.known - s.read;
  s.effects.push({ kind: "stuck", waits, more: Math.max(0, left - waits.length) });
}

function unfinished(s: RunState): readonly NodeId[] {
  const found: NodeId[] = [];
  for (let node = 0; node < s.known && found.length < NAMED_MAX; node++)
    if (node >= s.read || !s.isComplete(node)) found.push(nodeId(node));
  return found;
}
