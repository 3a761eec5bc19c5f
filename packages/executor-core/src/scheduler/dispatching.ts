// Owns: sending the best ready works while there is demand (D9), and rows that become ready again.
// D1. A map's child is made here and nowhere else: a root map costs nothing for what has not started.
// D2. Where nothing is as good as a map, its children go as a range if they have nothing of their own.
// D3. Nothing is sent that names a lost value: it waits for that value without a slot.
// D4. What makes a lost value again goes first: something waits for it.

import { STATE } from "../work/kinds.js";
import type { SingleWork, WorkBatch } from "../work/work.js";
import { enqueueMap } from "./lanes.js";
import { childWork, lostInputs, lostShared, nodeWork } from "./make-work.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { sendRange } from "./ranges.js";
import { nextRemake } from "./remakes.js";
import type { RunState } from "./run-state.js";
import { waitFor } from "./wants.js";

/** So many rows of the queue may turn out to wait for something in one event. */
const PASSED_OVER_MAX = 1_000;

export function dispatchReady(s: RunState): void {
  if (s.open >= s.limit || s.cancelReason !== undefined) return;
  // Mostly one slot is free: a list of one that is written costs a tenth of one that is pushed to.
  let batches: WorkBatch[] | undefined;
  let passed = 0;
  while (s.open < s.limit) {
    const again = s.lineage.ready.empty ? undefined : nextRemake(s);
    const node = again === undefined ? s.ready.peek() : -1;
    const work = again ?? (node < 0 ? openStalledPipeline(s) : takeFrom(s, node));
    if (work === undefined && node < 0) break;
    if (work === undefined) {
      if (++passed < PASSED_OVER_MAX) continue;
      s.passedOver = true;
      break;
    }
    if (batches === undefined) batches = [work];
    else batches.push(work);
  }
  if (batches !== undefined) s.effects.push({ kind: "dispatch", batches });
}

function takeFrom(s: RunState, node: number): WorkBatch | undefined {
  const map = s.maps.get(node);
  if (map === undefined) {
    leaveQueue(s, node);
    // It may have been cancelled while it stood there.
    return s.isComplete(node) ? undefined : sendNode(s, node);
  }
  if (s.lineage.lost.size > 0 && waitsAsWhole(s, map)) {
    leaveQueue(s, node);
    return undefined;
  }
  const free = s.limit - s.open;
  // D2.
  if (free > 1 && s.ready.isAlone) {
    const count = Math.min(free, map.plainLeft);
    if (count > 1) {
      const first = map.takeRange(count);
      if (!map.hasNext) leaveQueue(s, node);
      return sendRange(s, map, first, count);
    }
  }
  const index = map.takeNext();
  if (!map.hasNext) leaveQueue(s, node);
  else s.ready.rotate();
  return index < 0 ? undefined : sendChild(s, map, index);
}

function leaveQueue(s: RunState, node: number): void {
  s.ready.drop();
  s.clearFlag(node, FLAG.queued);
}

/** D3, for what all children of a map share. */
function waitsAsWhole(s: RunState, map: MapRecord): boolean {
  if (map.lossesSeen === s.lineage.losses) return false;
  const missing = lostShared(s, map);
  if (missing.size === 0) {
    map.lossesSeen = s.lineage.losses;
    return false;
  }
  map.waiting = true;
  waitFor(s, map.shape.node, missing);
  return true;
}

/** P2 in `pipelines`: nothing runs, nothing is due, nothing is ready, and a map could open one more element. */
export function isStalled(s: RunState): boolean {
  if (s.limitedMaps.length === 0 || s.open > 0 || s.timers.size > 0 || s.asks.size > 0) return false;
  if (s.lineage.remakes.size > 0) return false;
  return s.ready.empty && s.agenda.empty && s.limitedMaps.some((map) => map.canBegin && map.pipelinesFull);
}

function openStalledPipeline(s: RunState): SingleWork | undefined {
  if (!isStalled(s)) return undefined;
  for (const map of s.limitedMaps) {
    const index = map.takeNext(true);
    if (index >= 0) return sendChild(s, map, index);
  }
  return undefined;
}

function sendNode(s: RunState, node: number): SingleWork | undefined {
  return waitsForInputs(s, node) ? undefined : begin(s, nodeWork(s, node));
}

function sendChild(s: RunState, map: MapRecord, index: number): SingleWork | undefined {
  if (!waitsForInputs(s, map.shape.first + index)) return begin(s, childWork(s, map, index));
  map.running--;
  // Its place is another one's: with `maxConcurrency` the map may have left the queue for it.
  enqueueMap(s, map);
  return undefined;
}

/** D3. */
function waitsForInputs(s: RunState, row: number): boolean {
  if (s.lineage.lost.size === 0) return false;
  const missing = lostInputs(s, row);
  if (missing.size === 0) return false;
  waitFor(s, row, missing);
  return true;
}

function begin(s: RunState, work: SingleWork): SingleWork {
  if (s.resend.size === 0 || !s.resend.delete(work.taskRun)) s.transition(work.taskRun, STATE.Running);
  else s.noteStory(work.taskRun, "sent");
  s.open++;
  const tries = s.tries.size > 0 ? s.tries.get(work.taskRun) : undefined;
  if (tries !== undefined) {
    work.runCount = tries.runCount;
    work.loopCount = tries.loopCount;
    work.loopValue = tries.loopValue;
  }
  return work;
}
