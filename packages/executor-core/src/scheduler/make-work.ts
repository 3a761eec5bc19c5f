// Owns: what is sent for a task run: its arguments by the names that its inputs have now, and whether they are there.
// Does not own: when (`dispatching`), its state, the numbers of its tries.

import { type NodeId, type TaskRunId, taskRunId } from "../work/ids.js";
import { InternalError } from "../work/millrace-error.js";
import { type RunTree, UNDEFINED_TREE } from "../work/value-tree.js";
import { SingleWork } from "../work/work.js";
import { addLost, addLostSent } from "./inputs.js";
import type { MapRecord } from "./map-record.js";
import { named, resolve, settledChild } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { templateOfMap, templateOfNode } from "./templates.js";

export function workOf(s: RunState, row: number): SingleWork {
  const map = s.mapOf(row);
  return map === undefined ? nodeWork(s, row) : childWork(s, map, row - map.shape.first);
}

export function nodeWork(s: RunState, node: number): SingleWork {
  const spec = s.graph.spec(node);
  if (spec.kind !== "task") throw new InternalError(`${s.rowName(node)} is no task and cannot be sent`);
  const row = taskRunId(node);
  const template = templateOfNode(s, node, spec);
  const work = new SingleWork(s.facts, template, row, s.nextAttempt(row), -1, s.graph.slugs.short(node));
  const args = s.graph.args(node);
  if (args.length > 0) work.slots = args.map((arg) => named(s, resolve(s, arg)));
  return work;
}

export function childWork(s: RunState, map: MapRecord, index: number): SingleWork {
  const row = taskRunId(map.shape.first + index);
  const template = templateOfMap(s, map);
  const slug = s.graph.slugs.short(map.shape.node);
  const work = new SingleWork(s.facts, template, row, s.nextAttempt(row), index, slug);
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

/** What a task run reads and is lost. To be asked only while anything is. */
export function lostInputs(s: RunState, row: number): ReadonlySet<number> {
  const map = s.mapOf(row);
  if (map !== undefined) return lostInputsOfChild(s, map, row - map.shape.first);
  const found = new Set<number>();
  for (const arg of s.graph.args(row)) addLost(s, resolve(s, arg), found);
  return found;
}

function lostInputsOfChild(s: RunState, map: MapRecord, index: number): ReadonlySet<number> {
  const found = new Set<number>();
  // What all share is looked at once a loss: else each child would walk a whole list.
  const ranges = map.lossesSeen !== s.lineage.losses;
  for (const arg of templateOfMap(s, map).args) addLostSent(s, arg, index, found, ranges);
  for (const from of map.slots) addLost(s, settledAt(s, from, index), found);
  return found;
}

/** The same of what all children of a map read alike. */
export function lostShared(s: RunState, map: MapRecord): ReadonlySet<number> {
  const found = new Set<number>();
  for (const arg of templateOfMap(s, map).args) addLostSent(s, arg, -1, found);
  return found;
}
