// Owns: sending the best ready works while there is demand (D9), and rows that become ready again.
// D1. A map's child is made here and nowhere else: a root map costs nothing for what has not started.
// D2. Where nothing is as good as a map, its children go as a range if they have nothing of their own.

import { type NodeId, type TaskRunId, taskRunId } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import { type RunTree, UNDEFINED_TREE } from "../work/value-tree.js";
import { SingleWork, type WorkBatch } from "../work/work.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { sendRange } from "./ranges.js";
import { named, resolve, settledChild } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { templateOfMap, templateOfNode } from "./templates.js";

export function dispatchReady(s: RunState): void {
  if (s.open >= s.limit || s.cancelReason !== undefined) return;
  // Mostly one slot is free: a list of one that is written costs a tenth of one that is pushed to.
  let batches: WorkBatch[] | undefined;
  while (s.open < s.limit) {
    const node = s.ready.peek();
    const work = node < 0 ? openStalledPipeline(s) : takeFrom(s, node);
    if (work === undefined && node < 0) break;
    if (work === undefined) continue;
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

/** P2 in `pipelines`: nothing runs, nothing is due, nothing is ready, and a map could open one more element. */
export function isStalled(s: RunState): boolean {
  if (s.limitedMaps.length === 0 || s.open > 0 || s.timers.size > 0 || s.asks.size > 0) return false;
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

function sendNode(s: RunState, node: number): SingleWork {
  const spec = s.graph.spec(node);
  if (spec.kind !== "task") throw new InternalError(`${s.rowName(node)} is no task and cannot be sent`);
  const row = taskRunId(node);
  const work = begin(
    s,
    new SingleWork(s.facts, templateOfNode(s, node, spec), row, s.nextAttempt(row), -1, s.graph.slugs.short(node)),
  );
  const args = s.graph.args(node);
  if (args.length > 0) work.slots = args.map((arg) => named(s, resolve(s, arg)));
  return work;
}

function sendChild(s: RunState, map: MapRecord, index: number): SingleWork {
  const row = taskRunId(map.shape.first + index);
  const template = templateOfMap(s, map);
  const slug = s.graph.slugs.short(map.shape.node);
  const work = begin(s, new SingleWork(s.facts, template, row, s.nextAttempt(row), index, slug));
  if (map.slots.length > 0) work.slots = map.slots.map((from) => named(s, settledAt(s, from, index)));
  for (const through of map.through) {
    const attempt = through.map.attempts.get(index);
    if (attempt !== undefined)
      work.inputAttempts = withAttempt(work.inputAttempts, through.map.shape.first + index, attempt);
  }
  return work;
}

function settledAt(s: RunState, from: MapRecord | NodeId, index: number): RunTree {
  if (typeof from !== "number") return settledChild(s, from, index);
  return resolve(s, s.graph.args(from)[index] ?? UNDEFINED_TREE);
}

function withAttempt(
  known: ReadonlyMap<TaskRunId, number> | undefined,
  row: number,
  attempt: number,
): ReadonlyMap<TaskRunId, number> {
  return new Map([...(known ?? []), [taskRunId(row), attempt]]);
}

function begin(s: RunState, work: SingleWork): SingleWork {
  if (s.resend.size === 0 || !s.resend.delete(work.taskRun)) s.transition(work.taskRun, STATE.Running);
  s.open++;
  const tries = s.tries.size > 0 ? s.tries.get(work.taskRun) : undefined;
  if (tries !== undefined) {
    work.runCount = tries.runCount;
    work.loopCount = tries.loopCount;
    work.loopValue = tries.loopValue;
  }
  return work;
}
