// Owns: when a value is let go. One counter of holds a value, and one for its node, else a whole edge would cost its width.
// L1. A node's holds: kept (or put from outside) 1; each data edge of a consumer that is known and has not let go 1, but
//     for edges mapped over its children; each open question about it 1.
// L2. A child is held by its node's holds, and by each consumer mapped over it (`holders`) until that is through with it.
// L3. A task lets go of its inputs when it is complete, structure when it is complete and itself unheld.
// L4. Below 0 throws. A page of children that are all free is sealed.

import { EDGE } from "../graph/flow-graph.js";
import { CHILD_BASE, type NodeId, PAGE_MASK } from "../work/ids.js";
import { isTerminal, STATE } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import type { Chore } from "./agenda.js";
import type { MapRecord } from "./map-record.js";
import { forget } from "./forgetting.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";

export function hold(s: RunState, node: number): void {
  const page = s.nodePage(node);
  page.holds[node & PAGE_MASK] = (page.holds[node & PAGE_MASK] ?? 0) + 1;
}

export function unhold(s: RunState, node: number, count = 1): void {
  const page = s.nodePage(node);
  const left = (page.holds[node & PAGE_MASK] ?? 0) - count;
  if (left < 0) throw new InternalError(`${s.rowName(node)} is held less than not at all`);
  page.holds[node & PAGE_MASK] = left;
  if (left === 0 && s.isComplete(node)) s.agenda.addFree(node);
}

/** What the user keeps; to the end of a flow's run also what was put from outside and what its function returned. */
export function isKept(s: RunState, node: number): boolean {
  if (s.keepAll || (s.flags(node) & FLAG.kept) !== 0) return true;
  if (s.ownsGraph) return false;
  const { kind } = s.graph.spec(node);
  return kind === "parameter" || kind === "constant" || kind === "result";
}

export function keepNodes(s: RunState, nodes: readonly NodeId[]): void {
  for (const node of nodes) {
    s.expectNodes(node + 1);
    s.setFlag(node, FLAG.kept);
  }
}

/** What was kept is kept no longer: a node that is not read yet never counts it. */
export function forgetNodes(s: RunState, nodes: readonly NodeId[]): void {
  for (const node of nodes) {
    if ((s.flags(node) & FLAG.kept) === 0) continue;
    s.clearFlag(node, FLAG.kept);
    if (node < s.read) unhold(s, node);
  }
}

/**
 * L1, when a node is read: for every consumer that the run has heard of, read or not. Were they counted when they are
 * read, the value could be let go before that.
 */
export function holdForConsumers(s: RunState, node: number): void {
  if (isKept(s, node)) hold(s, node);
  let steps = 0;
  for (let edge = s.graph.outEdge(node); edge >= 0; edge = s.graph.nextOut(edge)) {
    // A graph may have grown further than the run has heard: that must not be seen, also not in the number of steps.
    if (s.graph.to(edge) >= s.known) break;
    steps++;
    if ((s.graph.flags(edge) & EDGE.data) !== 0) hold(s, node);
  }
  // A wide fan costs its share of the event.
  s.budget -= steps >> 4;
}

/** L1, when nodes are appended: for what they take of nodes that are read already. */
export function holdForNewNode(s: RunState, node: number): void {
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const flags = s.graph.flags(edge);
    const from = s.graph.from(edge);
    if ((flags & EDGE.data) === 0 || from >= s.read) continue;
    const map = (flags & EDGE.mapped) !== 0 ? s.maps.get(from) : undefined;
    if (map === undefined) hold(s, from);
    else if (isFirstMapped(s, node, edge)) map.holders++;
  }
}

/** An upstream that is mapped over twice by one consumer has one holder. */
export function isFirstMapped(s: RunState, node: number, edge: number): boolean {
  for (let other = s.graph.inFirst(node); other < edge; other++) {
    const mapped = EDGE.mapped | EDGE.data;
    if (s.graph.from(other) === s.graph.from(edge) && (s.graph.flags(other) & mapped) === mapped) return false;
  }
  return true;
}

/** A node becomes Mapped: edges mapped over it hold its children from now on (L2). */
export function moveHoldsToChildren(s: RunState, map: MapRecord): void {
  const node = map.shape.node;
  let moved = 0;
  for (let edge = s.graph.outEdge(node); edge >= 0; edge = s.graph.nextOut(edge)) {
    const to = s.graph.to(edge);
    const flags = s.graph.flags(edge);
    if ((flags & EDGE.mapped) === 0 || (flags & EDGE.data) === 0 || to >= s.known || s.isComplete(to)) continue;
    moved++;
    if (isFirstMapped(s, to, edge)) map.holders++;
  }
  if (moved > 0) unhold(s, node, moved);
}

export function onNodeComplete(s: RunState, node: number): void {
  if (s.graph.spec(node).kind === "task") letGo(s, node);
  if ((s.nodePage(node).holds[node & PAGE_MASK] ?? 0) === 0) s.agenda.addFree(node);
}

/** L3. */
function letGo(s: RunState, node: number): void {
  if ((s.flags(node) & FLAG.letGo) !== 0) return;
  s.setFlag(node, FLAG.letGo);
  const own = s.maps.get(node);
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    const flags = s.graph.flags(edge);
    if ((flags & EDGE.data) === 0) continue;
    const from = s.graph.from(edge);
    const map = (flags & EDGE.mapped) !== 0 ? s.maps.get(from) : undefined;
    if (map === undefined) {
      // A map whose children are all through may be forgotten already.
      if ((flags & EDGE.mapped) === 0 || !wasMapped(s, from)) unhold(s, from);
    } else if (isFirstMapped(s, node, edge) && (own?.width ?? 0) < map.width) {
      // The children beyond its own width, or all of them where it has none.
      s.agenda.addChore(new ThroughChore(s, map, own?.width ?? 0));
    }
  }
}

const wasMapped = (s: RunState, node: number): boolean => s.isDropped(node) || s.table.state(node) === STATE.Mapped;

class ThroughChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;
  private index: number;

  constructor(s: RunState, map: MapRecord, from: number) {
    this.s = s;
    this.map = map;
    this.index = from;
  }

  run(): boolean {
    while (this.index < this.map.width) {
      if (this.s.budget <= 0) return false;
      this.s.budget--;
      throughWith(this.s, this.map, this.index++);
    }
    return true;
  }
}

/** One consumer is through with one child. */
export function throughWith(s: RunState, map: MapRecord, index: number): void {
  const row = map.shape.first + index;
  // A consumer that came when all had been let go.
  if (s.isSealed(row)) return;
  const page = s.childPage(row);
  page.done[row & PAGE_MASK] = (page.done[row & PAGE_MASK] ?? 0) + 1;
  freeChild(s, map, row);
}

/** So many children have ended: what they were mapped over is one consumer less; they may be unheld themselves. */
export function onChildrenEnded(s: RunState, map: MapRecord, first: number, count: number): void {
  const { node } = map.shape;
  const isHeld = (s.nodePage(node).holds[node & PAGE_MASK] ?? 0) !== 0;
  if (isHeld && map.through.length === 0) return;
  for (let index = first; index < first + count; index++) onChildEnded(s, map, index);
}

function onChildEnded(s: RunState, map: MapRecord, index: number): void {
  const through = map.through;
  for (let i = 0; i < through.length; i++) {
    const edge = through[i];
    if (edge === undefined || (edge.flags & EDGE.data) === 0) continue;
    let first = true;
    for (let j = 0; j < i; j++)
      if (through[j]?.map === edge.map && ((through[j]?.flags ?? 0) & EDGE.data) !== 0) first = false;
    if (first) throughWith(s, edge.map, index);
  }
  freeChild(s, map, map.shape.first + index);
}

function freeChild(s: RunState, map: MapRecord, row: number): void {
  const node = map.shape.node;
  if (s.isDropped(node) || (s.nodePage(node).holds[node & PAGE_MASK] ?? 0) !== 0) return;
  if (s.isSealed(row)) return;
  const state = s.table.state(row);
  if (!isTerminal(state)) return;
  if (s.lineage.remakes.size > 0 && s.lineage.remakes.has(row)) return;
  const page = s.childPage(row);
  const at = row & PAGE_MASK;
  if ((page.done[at] ?? 0) < map.holders || ((page.flags[at] ?? 0) & FLAG.released) !== 0) return;
  page.flags[at] = (page.flags[at] ?? 0) | FLAG.released;
  if (state === STATE.Success) letValueGo(s, row);
  page.free++;
  map.freed++;
  if (page.free === page.flags.length) s.dropChildPage(row);
  if (!s.ownsGraph) return;
  s.table.forget(row);
  if (map.freed === map.width && s.isComplete(node)) forget(s, node);
}

export function isRowReleased(s: RunState, row: number): boolean {
  if (row < CHILD_BASE) return (s.flags(row) & FLAG.released) !== 0;
  return s.isSealed(row) || ((s.childPage(row).flags[row & PAGE_MASK] ?? 0) & FLAG.released) !== 0;
}

/** One that is lost is nowhere. */
function letValueGo(s: RunState, row: number): void {
  const { lost, gone } = s.lineage;
  if (lost.size > 0 && lost.delete(row)) gone.delete(row);
  else s.releases.add(row, s.attempt(row));
}

/** It was not let go while its value was being made again. */
export function recheckFree(s: RunState, row: number): void {
  const map = s.mapOf(row);
  if (map !== undefined) freeChild(s, map, row);
  else if ((s.nodePage(row).holds[row & PAGE_MASK] ?? 0) === 0) s.agenda.addFree(row);
}

/** A complete node that nothing holds; from the agenda, so that a long chain of structure is no recursion. */
export function freeNode(s: RunState, node: number): void {
  if (s.isDropped(node)) return;
  const page = s.nodePage(node);
  const flags = page.flags[node & PAGE_MASK] ?? 0;
  if ((page.holds[node & PAGE_MASK] ?? 0) !== 0 || (flags & FLAG.released) !== 0) return;
  if (s.lineage.remakes.size > 0 && s.lineage.remakes.has(node)) return;
  s.setFlag(node, FLAG.released);
  if (s.graph.spec(node).kind !== "task") {
    // What it stands for is asked for again where a value behind it has to be made again.
    if (!s.lineage.on) s.trees.delete(node);
    letGo(s, node);
    return forget(s, node);
  }
  const map = s.maps.get(node);
  if (map === undefined) {
    if (s.table.state(node) === STATE.Success) letValueGo(s, node);
    return forget(s, node);
  }
  if (map.width > 0) s.agenda.addChore(new SweepChore(s, map));
  else forget(s, node);
}

/** All children of a map whose node is unheld. */
class SweepChore implements Chore {
  private readonly s: RunState;
  private readonly map: MapRecord;
  private index = 0;

  constructor(s: RunState, map: MapRecord) {
    this.s = s;
    this.map = map;
  }

  run(): boolean {
    // A cancelled run ends as a whole, and lets go as a whole.
    while (this.index < this.map.width && this.s.cancelReason === undefined) {
      if (this.s.budget <= 0) return false;
      this.s.budget--;
      freeChild(this.s, this.map, this.map.shape.first + this.index++);
    }
    // All of them were free before their map had ended.
    if (this.map.freed === this.map.width) forget(this.s, this.map.shape.node);
    return true;
  }
}
