// Owns: `maxOpenPipelines` (MAP-7, strict mode): how many elements of a root map may have begun and not be through every
// stage that is mapped over it.
// P1. An element is through when its child has ended in every stage; a stage that has not expanded counts as not ended.
// P2. A stage that cannot expand before the whole root map has ended does not count: it would stop the map for ever. Where
//     two such maps wait for each other, `dispatching` opens one more element when nothing else can go on.

import { EDGE } from "../graph/flow-graph.js";
import { isTerminal } from "../work/kinds.js";
import type { MapRecord } from "./map-record.js";
import { enqueueMap } from "./lanes.js";
import type { RunState } from "./run-state.js";

/** After a child of some stage has ended. */
export function recheckPipeline(s: RunState, root: MapRecord, index: number): void {
  if (!root.openPipelines.has(index) || !isThrough(s, root, index)) return;
  root.openPipelines.delete(index);
  enqueueMap(s, root);
}

/** After a stage has expanded or ended as a whole. */
export function recheckPipelines(s: RunState, root: MapRecord): void {
  // Deleting what is at hand is safe while a set is walked.
  for (const index of root.openPipelines) recheckPipeline(s, root, index);
}

/** A mapped node has ended without children. */
export function recheckPipelinesAbove(s: RunState, node: number): void {
  for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
    if ((s.graph.flags(edge) & EDGE.mapped) === 0) continue;
    const above = s.maps.get(s.graph.from(edge));
    for (const root of above?.limited ?? []) recheckPipelines(s, root);
  }
}

function isThrough(s: RunState, root: MapRecord, index: number): boolean {
  const stages: number[] = [root.shape.node];
  const seen = new Set(stages);
  for (let next = stages.pop(); next !== undefined; next = stages.pop()) {
    const map = s.maps.get(next);
    if (map === undefined) {
      if (!s.isComplete(next) && !waitsForAll(s, root, next)) return false;
      continue;
    }
    if (index >= map.width) continue;
    if (!isTerminal(s.table.state(map.shape.first + index))) return false;
    for (let edge = s.graph.outEdge(next); edge >= 0; edge = s.graph.nextOut(edge)) {
      const to = s.graph.to(edge);
      if ((s.graph.flags(edge) & EDGE.mapped) === 0 || seen.has(to)) continue;
      seen.add(to);
      stages.push(to);
    }
  }
  return true;
}

/** P2: some way leads from the root map to this stage on which its whole list is waited for. */
function waitsForAll(s: RunState, root: MapRecord, stage: number): boolean {
  const known = root.barriers.get(stage);
  if (known !== undefined) return known;
  // Nodes on whose way up every edge so far was mapped stand with `false`, all others with `true`.
  const open: (readonly [node: number, whole: boolean])[] = [[stage, false]];
  const seen = new Set<number>();
  let found = false;
  for (let next = open.pop(); next !== undefined && !found; next = open.pop()) {
    const [node, whole] = next;
    found = whole && node === root.shape.node;
    const key = node * 2 + (whole ? 1 : 0);
    if (found || seen.has(key)) continue;
    seen.add(key);
    for (let edge = s.graph.inFirst(node); edge < s.graph.inEnd(node); edge++) {
      const from = s.graph.from(edge);
      const spec = s.graph.spec(from);
      const isMapOverMap = (s.graph.flags(edge) & EDGE.mapped) !== 0 && spec.kind === "task" && spec.mapped;
      open.push([from, whole || !isMapOverMap]);
    }
  }
  root.barriers.set(stage, found);
  return found;
}
