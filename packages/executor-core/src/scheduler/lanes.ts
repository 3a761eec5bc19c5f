// Owns: when a map stands in the ready queue: if and only if it has a child that may be sent now.

import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { rankOf } from "./ready-queue.js";
import type { RunState } from "./run-state.js";

export function enqueueMap(s: RunState, map: MapRecord): void {
  const node = map.shape.node;
  if ((s.flags(node) & FLAG.queued) !== 0 || !map.hasNext) return;
  s.setFlag(node, FLAG.queued);
  s.ready.push(node, rankOf(map.depth, map.spec.priority));
}
