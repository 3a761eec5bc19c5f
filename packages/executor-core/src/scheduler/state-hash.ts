// Owns: a hash of all that durable events have made of a run: replaying them gives the same one (D1).

import type { RunState } from "./run-state.js";

/** FNV-1a over states, attempts, widths and tallies, as 8 hex digits. Times are left out: they are the events'. */
export function stateHash(s: RunState): string {
  let hash = 0x811c9dc5;
  const mix = (value: number): void => {
    hash = Math.imul(hash ^ (value >>> 0), 0x01000193);
  };
  for (let node = 0; node < s.read; node++) {
    mix(s.table.state(node));
    mix(s.attempt(node));
    const map = s.maps.get(node);
    if (map === undefined) continue;
    for (const count of [map.width, map.success, map.failed, map.skipped, map.cancelled]) mix(count);
    for (let i = 0; i < map.width; i++) mix(s.table.state(map.shape.first + i));
  }
  mix(s.unfinished);
  return (hash >>> 0).toString(16).padStart(8, "0");
}
