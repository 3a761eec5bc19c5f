// Owns: children of one map that begin, or succeed, many at a time: what comes of it is what one at a time would come to.
// Does not own: which children those are when they begin (`map-record`).
// N1. A range of outcomes of which any is late, told twice, cancelled or of a map with stages is taken one by one.

import { CHILD_BASE, PAGE_MASK, PAGE_ROWS, type TaskRunId, taskRunId } from "../work/ids.js";
import { STATE } from "../work/kinds.js";
import type { OutcomeRange } from "../work/outcome.js";
import { WorkRange } from "../work/work.js";
import { childrenEnded } from "./children.js";
import { enqueueMap } from "./lanes.js";
import type { MapRecord } from "./map-record.js";
import type { RunState } from "./run-state.js";
import { templateOfMap } from "./templates.js";

/** So many children from `index` on, none of which was ever sent. */
export function sendRange(s: RunState, map: MapRecord, index: number, count: number): WorkRange {
  const first = taskRunId(map.shape.first + index);
  s.transitionRange(first, count, STATE.Pending, STATE.Running);
  inPages(first, count, (row, rows) => {
    const at = row & PAGE_MASK;
    s.childPage(row).attempt.fill(1, at, at + rows);
  });
  s.open += count;
  return new WorkRange(s.facts, templateOfMap(s, map), first, index, s.graph.slugs.short(map.shape.node), count);
}

/** False: they have to be taken one by one (N1). */
export function takeRange(s: RunState, outcomes: OutcomeRange): boolean {
  const { first, length } = outcomes;
  const map = plainMap(s, first);
  if (map === undefined || first + length > map.shape.first + map.width) return false;
  if (!areFirstAttempts(s, first, length)) return false;
  s.open -= length;
  map.running -= length;
  let done = 0;
  inPages(first, length, (row, rows) => {
    s.table.setRangeTimes(row, rows, outcomes.startedAtMs, outcomes.durationsMs, done);
    done += rows;
  });
  s.transitionRange(first, length, STATE.Running, STATE.Success);
  childrenEnded(s, map, first - map.shape.first, length, STATE.Success);
  enqueueMap(s, map);
  return true;
}

function plainMap(s: RunState, row: TaskRunId): MapRecord | undefined {
  if (s.cancelReason !== undefined || s.resend.size > 0) return undefined;
  const map = s.mapOf(row);
  return map === undefined || map.cancelling || map.through.length > 0 || map.limited.length > 0 ? undefined : map;
}

function areFirstAttempts(s: RunState, first: TaskRunId, count: number): boolean {
  let are = true;
  inPages(first, count, (row, rows) => {
    if (!are || s.table.isSealed(row)) {
      are = false;
      return;
    }
    const { attempt } = s.childPage(row);
    const { state } = s.table.writable(row);
    const from = row & PAGE_MASK;
    for (let at = from; are && at < from + rows; at++) are = attempt[at] === 1 && state[at] === STATE.Running;
  });
  return are;
}

function inPages(first: number, count: number, each: (row: number, rows: number) => void): void {
  for (let row = first, end = first + count; row < end; ) {
    const rows = Math.min(end - row, PAGE_ROWS - ((row - CHILD_BASE) & PAGE_MASK));
    each(row, rows);
    row += rows;
  }
}
