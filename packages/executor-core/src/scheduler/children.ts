// Owns: children of maps: when one can be decided, and what follows when one ends.
// C1. A child waits for the children of the same index of every map that its own is mapped over (MAP-4): no barrier.
// C2. Children of a root map see the same upstream: they are judged once.

import { isTerminal, STATE, type StateCode } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import type { Chore } from "./agenda.js";
import type { MapRecord } from "./map-record.js";
import { recheckPipeline } from "./pipelines.js";
import { enqueueMap } from "./lanes.js";
import { itemOf } from "./open-lists.js";
import type { RunState } from "./run-state.js";
import { completeNode } from "./endings.js";
import { noteTriggerCause } from "./trigger-causes.js";
import { upstreamHasNoValue, verdictOf } from "./verdict.js";
import { addState, UpstreamView } from "./upstream.js";
import { onChildrenEnded } from "./value-lifetime.js";

type ChildEnd = "run" | "noValue" | typeof STATE.Skipped | typeof STATE.TriggerFailed;

export function startChildren(s: RunState, map: MapRecord): void {
  if (!map.isRoot) {
    if (map.lists.length > 0 || map.through.some((through) => through.map.done > 0))
      s.agenda.addChore(new ScanChore(s, map));
    else map.scan = map.width;
    return;
  }
  const view = baseView(map);
  const verdict = verdictOf(map.spec, view);
  const end: ChildEnd = verdict === "run" && view.noValue >= 0 ? "noValue" : verdict;
  if (end === "run") enqueueMap(s, map);
  else {
    map.cursor = map.width;
    s.agenda.addChore(new EndAllChore(s, map, end, view.noValue));
  }
}

function baseView(map: MapRecord): UpstreamView {
  const view = new UpstreamView();
  view.tally.copy(map.base);
  view.skipped = map.baseSkipped;
  view.noValue = map.noValue;
  return view;
}

/** Looks at the children that could have become ready before their map expanded (M3). */
class ScanChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;

  constructor(s: RunState, map: MapRecord) {
    this.s = s;
    this.map = map;
  }

  run(): boolean {
    const map = this.map;
    while (map.scan < map.width) {
      if (this.s.budget <= 0) return false;
      this.s.budget--;
      decideChild(this.s, map, map.scan++);
    }
    return true;
  }
}

/** C2, where none may run. */
class EndAllChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;
  private readonly end: ChildEnd;
  private readonly noValue: number;
  private index = 0;

  constructor(s: RunState, map: MapRecord, end: ChildEnd, noValue: number) {
    this.s = s;
    this.map = map;
    this.end = end;
    this.noValue = noValue;
  }

  run(): boolean {
    while (this.index < this.map.width) {
      if (this.s.budget <= 0) return false;
      this.s.budget--;
      const index = this.index++;
      if (this.s.table.state(this.map.shape.first + index) !== STATE.Pending) continue;
      endUnstarted(this.s, this.map, index, this.end, this.noValue);
    }
    return true;
  }
}

/** Decides a child if all that it waits for has ended; asked too early or twice, it does nothing. */
export function decideChild(s: RunState, map: MapRecord, index: number): void {
  const row = map.shape.first + index;
  if (s.table.state(row) !== STATE.Pending || map.ready?.has(index) === true) return;
  if (s.lineage.waits.size > 0 && s.lineage.waits.has(row)) return;
  let plain = map.base.success === map.base.total && !map.baseSkipped && map.noValue < 0;
  for (const through of map.through) {
    const state = s.table.state(through.map.shape.first + index);
    if (!isTerminal(state)) return;
    if (state !== STATE.Success) plain = false;
  }
  for (const list of map.lists) if (!s.isComplete(itemOf(s.graph, list, index))) return;
  if (s.cancelReason !== undefined || map.cancelling) return;
  const trigger = map.spec.trigger;
  if (plain && (trigger === undefined || trigger === "allSuccessful")) return makeChildReady(s, map, index);
  const view = baseView(map);
  for (const through of map.through) {
    const from = through.map.shape.first + index;
    addState(view, from, through.flags, s.table.state(from), map.spec);
  }
  const verdict = verdictOf(map.spec, view);
  if (verdict === "run" && view.noValue < 0) makeChildReady(s, map, index);
  else endUnstarted(s, map, index, verdict === "run" ? "noValue" : verdict, view.noValue);
}

export function makeChildReady(s: RunState, map: MapRecord, index: number): void {
  map.markReady(index);
  enqueueMap(s, map);
}

function endUnstarted(s: RunState, map: MapRecord, index: number, end: ChildEnd, noValue: number): void {
  const row = map.shape.first + index;
  if (end === "run") throw new InternalError(`${s.rowName(row)} is to run and to end`);
  if (end === "noValue") {
    const from = s.table.mapOfRow(noValue)?.node ?? noValue;
    s.fail(row, STATE.Failed, upstreamHasNoValue(s, from));
    childEnded(s, map, index, STATE.Failed);
  } else {
    s.transition(row, end);
    if (end === STATE.TriggerFailed) noteTriggerCause(s, map.shape.node, row, index);
    childEnded(s, map, index, end);
  }
}

/** The child is terminal. */
export function childEnded(s: RunState, map: MapRecord, index: number, state: StateCode): void {
  childrenEnded(s, map, index, 1, state);
}

/** So many children from `first` on. */
export function childrenEnded(s: RunState, map: MapRecord, first: number, count: number, state: StateCode): void {
  countEnded(map, state, count);
  for (const follower of map.followers) {
    const end = Math.min(first + count, follower.width, follower.scan);
    for (let index = first; index < end; index++) {
      s.agenda.children.push(follower.shape.node);
      s.agenda.children.push(index);
    }
  }
  onChildrenEnded(s, map, first, count);
  for (const limited of map.limited)
    for (let index = first; index < first + count; index++) recheckPipeline(s, limited, index);
  if (map.done < map.width) return;
  // What its children shared may go.
  map.template = undefined;
  completeNode(s, map.shape.node);
}

export function countEnded(map: MapRecord, state: StateCode, count: number): void {
  switch (state) {
    case STATE.Success:
      map.success += count;
      return;
    case STATE.Skipped:
      map.skipped += count;
      return;
    case STATE.Failed:
    case STATE.TriggerFailed:
    case STATE.TimedOut:
      map.failed += count;
      return;
    case STATE.Cancelled:
      map.cancelled += count;
      return;
    default:
      throw new InternalError(`a child cannot end as ${state}`);
  }
}
