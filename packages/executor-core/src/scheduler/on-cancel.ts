// Owns: cancelling a run from any state: running works are asked to stop, all that has not started ends Cancelled.
// C1. What has ended stays as it ended. A range of children that never started ends as one number.
// C2. The sweep is a chore: a million waiting children do not hold up the turn.

import { PAGE_BITS, PAGE_ROWS, taskRunId, type WorkId } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import type { Chore } from "./agenda.js";
import { countEnded } from "./children.js";
import type { MapRecord } from "./map-record.js";
import type { RunState } from "./run-state.js";
import { closeAsksAtCancel } from "./asking.js";
import { completeNode, endNode } from "./endings.js";
import { cancelRemakes } from "./remakes.js";

export function onCancelAsked(s: RunState, reason: string): void {
  if (s.cancelReason !== undefined || s.finished) return;
  s.cancelReason = reason;
  s.table.cancelReason = reason;
  // A timer that is left would keep the process alive for a retry that never comes.
  s.timers.clear();
  closeAsksAtCancel(s);
  cancelRemakes(s, reason);
  s.agenda.addUrgentChore(new CancelChore(s, reason));
}

class CancelChore implements Chore {
  private readonly s: RunState;
  private readonly reason: string;
  private node = 0;
  /** Of the map at hand: the row where the next page starts. */
  private page = 0;

  constructor(s: RunState, reason: string) {
    this.s = s;
    this.reason = reason;
  }

  run(): boolean {
    const running: WorkId[] = [];
    // Nodes that are read later are cancelled as they are read.
    while (this.node < this.s.read && this.s.budget > 0) {
      this.s.budget--;
      if (this.s.isDropped(this.node)) {
        this.node = ((this.node >>> PAGE_BITS) + 1) << PAGE_BITS;
        continue;
      }
      if (this.cancelNode(this.node, running)) {
        this.node++;
        this.page = 0;
      }
    }
    if (running.length > 0) this.s.effects.push({ kind: "cancel", ids: running, reason: this.reason });
    return this.node >= this.s.read;
  }

  /** False: the map at hand has more pages. */
  private cancelNode(node: number, running: WorkId[]): boolean {
    const s = this.s;
    if (s.isComplete(node)) return true;
    const map = s.maps.get(node);
    if (map !== undefined) return this.cancelPage(map, running);
    if (s.isSent(node)) running.push(this.workId(node));
    else if (!s.isTerminal(node)) endNode(s, node, STATE.Cancelled);
    return true;
  }

  private cancelPage(map: MapRecord, running: WorkId[]): boolean {
    const s = this.s;
    map.cursor = map.width;
    map.scan = map.width;
    const first = map.shape.first + this.page;
    const rows = Math.min(PAGE_ROWS, map.width - this.page);
    if (!s.table.isMade(first)) this.cancelUnmade(map, first, rows);
    else if (!s.isSealed(first)) {
      // Row by row: it costs its share of the budget.
      s.budget -= rows >> 4;
      for (let row = first; row < first + rows; row++) this.cancelChild(map, row, running);
    }
    this.page += PAGE_ROWS;
    if (this.page < map.width) return false;
    if (map.done === map.width && !s.isComplete(map.shape.node)) completeNode(s, map.shape.node);
    return true;
  }

  /** C1: no page is made for them. */
  private cancelUnmade(map: MapRecord, first: number, rows: number): void {
    map.shape.unmade = STATE.Cancelled;
    countEnded(map, STATE.Cancelled, rows);
    this.s.noteChange(first, rows, STATE.Cancelled);
  }

  private cancelChild(map: MapRecord, row: number, running: WorkId[]): void {
    const s = this.s;
    if (s.isSent(row)) running.push(this.workId(row));
    else if (!s.isTerminal(row)) {
      s.transition(row, STATE.Cancelled);
      countEnded(map, STATE.Cancelled, 1);
    }
  }

  private workId(row: number): WorkId {
    return { run: this.s.facts.id, taskRun: taskRunId(row), attempt: this.s.attempt(row) };
  }
}
