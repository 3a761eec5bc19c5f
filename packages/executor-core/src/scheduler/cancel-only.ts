// Owns: cancelling single nodes, while the run goes on: what has not started ends Cancelled at once, what runs is
// asked to stop and ends Cancelled whatever its outcome says.
// Does not own: cancelling the whole run (`on-cancel`).
// C1. What has ended stays as it ended. What waits behind a cancelled task run judges it by its trigger.
// C2. A map's children are cancelled by a chore; why stands once, at their map.

import { type NodeId, taskRunId, type WorkId } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import { cancelledFailure } from "../states/failures.js";
import type { Chore } from "./agenda.js";
import { childEnded } from "./children.js";
import { endCancelled } from "./endings.js";
import type { MapRecord } from "./map-record.js";
import type { RunState } from "./run-state.js";

export function cancelOnly(s: RunState, reason: string, only: readonly NodeId[]): void {
  if (s.cancelReason !== undefined || s.finished) return;
  const running: WorkId[] = [];
  for (const node of only) cancelNode(s, node, reason, running);
  askToStop(s, running, reason);
}

function cancelNode(s: RunState, node: number, reason: string, running: WorkId[]): void {
  // It ends as it is read.
  if (node >= s.read) {
    s.cancelling.set(node, reason);
    return;
  }
  if (s.isComplete(node)) return;
  const map = s.maps.get(node);
  if (map?.cancelling === true) return;
  if (map !== undefined) {
    s.table.failures.set(node, cancelledFailure(reason));
    map.cancelling = true;
    s.agenda.addChore(new CancelMapChore(s, map, reason));
  } else if (s.isSent(node)) stop(s, node, reason, running);
  else endCancelled(s, node, reason);
}

class CancelMapChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;
  private readonly reason: string;
  private index = 0;

  constructor(s: RunState, map: MapRecord, reason: string) {
    this.s = s;
    this.map = map;
    this.reason = reason;
  }

  run(): boolean {
    const { s, map } = this;
    const running: WorkId[] = [];
    while (this.index < map.width && s.budget > 0 && s.cancelReason === undefined) {
      s.budget--;
      cancelChild(s, map, map.shape.first + this.index++, this.reason, running);
    }
    askToStop(s, running, this.reason);
    return this.index >= map.width || s.cancelReason !== undefined;
  }
}

function cancelChild(s: RunState, map: MapRecord, row: number, reason: string, running: WorkId[]): void {
  if (s.isSent(row)) return stop(s, row, reason, running);
  if (s.isTerminal(row)) return;
  const index = row - map.shape.first;
  map.ready?.delete(index);
  s.tries.delete(row);
  s.transition(row, STATE.Cancelled);
  childEnded(s, map, index, STATE.Cancelled);
}

function stop(s: RunState, row: number, reason: string, running: WorkId[]): void {
  if (s.cancelling.has(row)) return;
  s.cancelling.set(row, reason);
  running.push({ run: s.facts.id, taskRun: taskRunId(row), attempt: s.attempt(row) });
}

function askToStop(s: RunState, running: readonly WorkId[], reason: string): void {
  if (running.length > 0) s.effects.push({ kind: "cancel", ids: running, reason });
}

/** Whether the outcome of this row counts as Cancelled; then why is noted. */
export function takeCancelled(s: RunState, row: number, map: MapRecord | undefined): boolean {
  const reason = s.cancelling.size > 0 ? s.cancelling.get(row) : undefined;
  if (reason !== undefined) s.cancelling.delete(row);
  // C2.
  if (map !== undefined) return map.cancelling;
  if (reason !== undefined) s.table.failures.set(row, cancelledFailure(reason));
  return reason !== undefined;
}
