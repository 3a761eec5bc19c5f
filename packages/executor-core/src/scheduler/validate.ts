// Owns: deriving again, from the graph and the states alone, all that the scheduler keeps as counters. For tests: it looks
// at every row. Throws `INTERNAL` with the first thing that does not agree.
// The numbers are those of the invariants in `docs/STATES.md`.

import { EDGE } from "../graph/flow-graph.js";
import { PAGE_MASK } from "../work/ids.js";
import { isFailure, isTerminal, STATE } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { isSatisfied } from "./open-lists.js";
import type { RunState } from "./run-state.js";
import { validateLineage } from "./validate-lineage.js";
import { isKept } from "./value-lifetime.js";

export function validate(s: RunState): void {
  let open = 0;
  let unfinished = 0;
  const isSettled = s.agenda.empty && s.cancelReason === undefined;
  const isExact = isSettled && s.asks.size === 0 && s.lineage.remakes.size === 0;
  for (let node = 0; node < s.read; node++) {
    if (s.isDropped(node)) continue;
    const map = s.maps.get(node);
    const state = s.table.state(node);
    if (state === STATE.Running && !s.resend.has(node)) open++;
    if (map !== undefined) open += validateMap(s, node, map);
    const complete = isTerminal(state) && (map === undefined || map.done === map.width);
    // A cancel sweep counts children a page at a time, and completes the map at the last one.
    if (complete !== s.isComplete(node) && s.cancelReason === undefined) fail(s, node, "its complete flag is wrong", 1);
    if (!s.isComplete(node)) {
      unfinished++;
      if (isSettled && state !== STATE.Mapped) validateWait(s, node, state);
    }
    if (isExact) validateHolds(s, node);
  }
  open += validateLineage(s, fail);
  if (open !== s.open) fail(s, -1, `${open} works are open, ${s.open} are counted`, 10);
  if (unfinished !== s.unfinished) fail(s, -1, `${unfinished} nodes are unfinished, ${s.unfinished} are counted`, 9);
  if (s.open > s.limit && s.effects.some((effect) => effect.kind === "dispatch"))
    fail(s, -1, `${s.open} works are open, ${s.limit} are allowed`, 10);
  validateProgress(s);
  for (const row of s.cancelling.keys()) {
    if (s.cancelReason === undefined && row < s.read && s.table.state(row) !== STATE.Running)
      fail(s, row, "is to be cancelled and does not run", 2);
  }
}

function fail(s: RunState, node: number, what: string, invariant: number): never {
  throw new InternalError(`invariant ${invariant}: ${node < 0 ? "the run" : s.rowName(node)}: ${what}`);
}

function validateMap(s: RunState, node: number, map: MapRecord): number {
  const counted = { success: 0, failed: 0, skipped: 0, cancelled: 0, running: 0 };
  let unmade = 0;
  for (let i = 0; i < map.width; i++) {
    const row = map.shape.first + i;
    const state = s.table.state(row);
    const isMade = s.table.isMade(row);
    if (!isMade) unmade++;
    if (state === STATE.Running && !s.resend.has(row)) counted.running++;
    else if (state === STATE.Success) counted.success++;
    else if (isFailure(state)) counted.failed++;
    else if (state === STATE.Skipped) counted.skipped++;
    else if (state === STATE.Cancelled && isMade) counted.cancelled++;
    if (
      map.ready?.has(i) === true &&
      state !== STATE.Pending &&
      state !== STATE.Retrying &&
      !s.resend.has(row) &&
      s.cancelReason === undefined
    )
      fail(s, row, "is ready and not waiting", 2);
  }
  if (map.shape.unmade === STATE.Cancelled) counted.cancelled += unmade;
  for (const key of ["success", "failed", "skipped", "running"] as const) {
    if (counted[key] !== map[key]) fail(s, node, `${counted[key]} children are ${key}, ${map[key]} are counted`, 9);
  }
  if (s.agenda.empty && counted.cancelled !== map.cancelled) fail(s, node, "its cancelled children are miscounted", 9);
  const queued = (s.flags(node) & FLAG.queued) !== 0;
  const could = (map.ready?.size ?? 0) > 0 || (map.isRoot && map.cursor < map.width && !map.pipelinesFull);
  const most = map.spec.maxConcurrency;
  const may = could && !map.cancelling && !map.waiting && (most === undefined || map.running < most);
  if (may && !queued && s.cancelReason === undefined && s.agenda.empty)
    fail(s, node, "could send a child and is not queued", 18);
  return counted.running;
}

/** Nothing waits for what has happened, and nothing that waits for nothing stays undecided. */
function validateWait(s: RunState, node: number, state: number): void {
  let wait = 0;
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    if (!isSatisfied(s, edge)) wait++;
  }
  const kept = s.nodePage(node).wait[node & PAGE_MASK] ?? 0;
  if (kept !== wait) fail(s, node, `waits for ${wait} edges, ${kept} are counted`, 2);
  const stands = (s.flags(node) & (FLAG.queued | FLAG.asking)) !== 0 || s.lineage.waits.has(node);
  const decided = state !== STATE.Pending || stands;
  if (wait === 0 && !decided) fail(s, node, "waits for nothing and is not decided", 18);
}

/** L1 of `value-lifetime`. Questions and remakes add to it, so that it is exact only where there are none. */
function validateHolds(s: RunState, node: number): void {
  let holds = isKept(s, node) ? 1 : 0;
  for (let edge = s.graph.outEdge(node); edge >= 0; edge = s.graph.nextOut(edge)) {
    const to = s.graph.to(edge);
    const flags = s.graph.flags(edge);
    if ((flags & EDGE.data) === 0 || to >= s.known || (s.flags(to) & FLAG.letGo) !== 0) continue;
    if ((flags & EDGE.mapped) !== 0 && s.maps.has(node)) continue;
    holds++;
  }
  const kept = s.nodePage(node).holds[node & PAGE_MASK] ?? 0;
  if (kept !== holds) fail(s, node, `is held ${holds} times, ${kept} are counted`, 15);
  const released = (s.flags(node) & FLAG.released) !== 0;
  if (s.isComplete(node) && (holds === 0) !== released) fail(s, node, "is let go too early or too late", 15);
  if (released && s.ownsGraph) validateForgotten(s, node);
}

/** L5 of `value-lifetime`. A map's children may be held one by one. */
function validateForgotten(s: RunState, node: number): void {
  const map = s.maps.get(node);
  if (map !== undefined && map.freed < map.width) return;
  if (s.lineage.readers.has(node)) return;
  const { failures, skips } = s.table;
  const kept = [s.maps, s.trees, s.metas, s.tries, failures, skips].some((entries) => entries.has(node));
  if (kept || s.graph.args(node).length > 0) fail(s, node, "is let go and not forgotten", 15);
}

/** 18: with a free slot, nothing under way and nothing due, a run that is not finished would stand still for ever. */
function validateProgress(s: RunState): void {
  if (s.finished || !s.lastSeen || s.limit === 0 || s.open > 0 || !s.agenda.empty || s.passedOver) return;
  if (s.timers.size === 0 && s.asks.size === 0 && s.unfinished > 0) fail(s, -1, "stands still", 18);
}
