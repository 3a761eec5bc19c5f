// Owns: waiting for lost values: who waits for how many, and what follows when the last is there or one is gone for good.
// Does not own: making them again (`remakes`).
// W1. What waits holds no slot and stands in no queue. A map whose children share a lost input waits as a whole.
// W2. Whoever is resumed looks again before anything is sent: meanwhile something else may have been lost.

import type { FailureData } from "../work/failure-data.js";
import { CHILD_BASE } from "../work/ids.js";
import { isTerminal, STATE } from "../work/kinds.js";
import type { Chore } from "./agenda.js";
import { failAsk, sendAsk } from "./asking.js";
import { childEnded, makeChildReady } from "./children.js";
import { completeNode, makeReady } from "./endings.js";
import { enqueueMap } from "./lanes.js";
import type { Waiter } from "./lineage.js";
import type { MapRecord } from "./map-record.js";
import type { RunState } from "./run-state.js";

/** A task run that waits for its inputs goes back to the queue, a question is asked. Remakes are no business of this file. */
export function resume(s: RunState, waiter: Waiter): void {
  if (typeof waiter !== "number") return s.asks.unpark(waiter) ? sendAsk(s, waiter) : undefined;
  const map = waiter < CHILD_BASE ? s.maps.get(waiter) : s.mapOf(waiter);
  if (map === undefined) {
    if (isThere(s, waiter)) makeReady(s, waiter);
  } else if (waiter < CHILD_BASE) {
    map.waiting = false;
    enqueueMap(s, map);
  } else if (!isTerminal(s.table.state(waiter))) makeChildReady(s, map, waiter - map.shape.first);
}

/** A value that the waiter needs will never be there again. */
export function failWaiter(s: RunState, waiter: Waiter, failure: FailureData): void {
  if (typeof waiter !== "number") return s.asks.unpark(waiter) ? failAsk(s, waiter, failure, "lost") : undefined;
  const map = waiter < CHILD_BASE ? s.maps.get(waiter) : s.mapOf(waiter);
  if (map === undefined) {
    if (isThere(s, waiter)) failUnsent(s, waiter, failure);
  } else if (waiter < CHILD_BASE) {
    map.waiting = false;
    map.cursor = map.width;
    s.agenda.addChore(new FailChore(s, map, failure));
  } else if (!isTerminal(s.table.state(waiter))) {
    failChild(s, map, waiter - map.shape.first, failure);
    enqueueMap(s, map);
  }
}

/** A child's map may be forgotten: it was cancelled while the child waited. */
const isThere = (s: RunState, waiter: number): boolean => waiter < CHILD_BASE && !s.isComplete(waiter);

function failUnsent(s: RunState, node: number, failure: FailureData): void {
  s.tries.delete(node);
  s.cancelling.delete(node);
  s.fail(node, STATE.Failed, failure, "inputLost");
  completeNode(s, node);
}

function failChild(s: RunState, map: MapRecord, index: number, failure: FailureData): void {
  const row = map.shape.first + index;
  map.ready?.delete(index);
  s.tries.delete(row);
  s.fail(row, STATE.Failed, failure, "inputLost");
  childEnded(s, map, index, STATE.Failed);
}

/** All children that have not ended and are not under way. */
class FailChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;
  private readonly failure: FailureData;
  private index = 0;

  constructor(s: RunState, map: MapRecord, failure: FailureData) {
    this.s = s;
    this.map = map;
    this.failure = failure;
  }

  run(): boolean {
    const { s, map } = this;
    while (this.index < map.width && s.cancelReason === undefined) {
      if (s.budget <= 0) return false;
      s.budget--;
      const row = map.shape.first + this.index++;
      if (!isTerminal(s.table.state(row)) && !s.isSent(row)) failChild(s, map, row - map.shape.first, this.failure);
    }
    return true;
  }
}
