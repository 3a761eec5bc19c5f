// Owns: what goes from a graph that is the run's own, as a pool's: nodes that were let go, with their arguments.
// F1. A node goes when it is let go, a map when all its children are: all that is left is its row.
// F2. Where values can be lost, a node stays as long as something stays that it would be made again for: what reads it.

import { EDGE } from "../graph/flow-graph.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";

/** `node` was let go. With it goes what was there for its sake alone: a loop, since a chain is as long as it likes. */
export function forget(s: RunState, first: number): void {
  if (!s.ownsGraph) return;
  const open = [first];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if ((s.flags(node) & FLAG.forgotten) !== 0 || (s.lineage.on && !mayGo(s, node))) continue;
    const inputs = s.lineage.on ? inputsOf(s, node) : [];
    forgetRow(s, node);
    for (const input of inputs) if (lowerReaders(s, input)) open.push(input);
  }
}

function forgetRow(s: RunState, node: number): void {
  const map = s.maps.get(node);
  if (map !== undefined) {
    s.table.forgetMap(map.shape);
    s.forgetChildPages(map.shape);
    s.maps.delete(node);
    if (map.spec.maxOpenPipelines !== undefined && map.isRoot) s.limitedMaps.splice(s.limitedMaps.indexOf(map), 1);
    if (s.lineage.numbers.size > 0) for (let i = 0; i < map.width; i++) s.lineage.numbers.delete(map.shape.first + i);
  }
  s.trees.delete(node);
  if (s.lineage.on) s.lineage.numbers.delete(node);
  s.setFlag(node, FLAG.forgotten);
  s.forgetNode(node);
}

/** F2. */
function mayGo(s: RunState, node: number): boolean {
  const released = (s.flags(node) & FLAG.released) !== 0;
  const map = s.maps.get(node);
  const isFree = map === undefined || map.freed === map.width;
  return released && isFree && !s.lineage.readers.has(node) && !s.lineage.remakes.has(node);
}

function inputsOf(s: RunState, node: number): readonly number[] {
  const inputs: number[] = [];
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++)
    if ((s.graph.flags(edge) & EDGE.data) !== 0) inputs.push(s.graph.from(edge));
  return inputs;
}

/** True: nothing is left that reads the node. */
function lowerReaders(s: RunState, node: number): boolean {
  const { readers } = s.lineage;
  const left = (readers.get(node) ?? 1) - 1;
  if (left > 0) readers.set(node, left);
  else readers.delete(node);
  return left === 0;
}

/** `node` was appended: what it reads has one reader more. */
export function countReaders(s: RunState, node: number): void {
  const { readers } = s.lineage;
  for (const input of inputsOf(s, node)) readers.set(input, (readers.get(input) ?? 0) + 1);
}
