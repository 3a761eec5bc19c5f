// Owns: when a map stands in the ready queue: if and only if it has a child that may be sent now.

import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import type { RunState } from "./run-state.js";

export function enqueueMap(s: RunState, map: MapRecord): void {
  const node = map.shape.node;
  if ((s.flags(node) & FLAG.queued) !== 0 || !hasNext(map)) return;
  s.setFlag(node, FLAG.queued);
  s.ready.push(node, map.depth);
}

export function hasNext(map: MapRecord): boolean {
  const most = map.spec.maxConcurrency;
  if (most !== undefined && map.running >= most) return false;
  if ((map.ready?.size ?? 0) > 0) return true;
  return map.isRoot && map.cursor < map.width && !map.pipelinesFull;
}
