// Owns: how many works may be here unanswered: what the workers take, and what waits for needs that are in use. So a work that
// needs a GPU never keeps one back that needs none.

import { amountOf, type Lacking } from "./needs.js";
import type { NeedsClass } from "./needs-class.js";
import type { PlacementState } from "./state.js";

/** What a slot has ahead of it: so many milliseconds of tiny works. */
const AHEAD_MS = 4;
const AHEAD_MAX = 8192;

export function demandNow(s: PlacementState): void {
  const ahead = s.averages.typicalMs === undefined ? 0 : AHEAD_MS / s.averages.typicalMs;
  // Powers of two, so that it seldom changes.
  const aSlot = ahead <= 1 ? 1 : Math.min(AHEAD_MAX, 2 ** Math.ceil(Math.log2(ahead)));
  const limit = s.slots * aSlot + s.openWorkers + s.waitingForNeeds;
  if (limit === s.limit) return;
  s.limit = limit;
  s.effects.push({ kind: "demand", limit });
}

/** Once for each kind of needs and run, and anew when a worker has come that could, and is gone. */
export function warnUnsatisfiable(s: PlacementState): void {
  if (s.waitingForNeeds === 0 || s.workers.size === 0) return;
  for (const of of s.classes.values()) {
    if (of.waiting === 0 || of.eligible > 0 || of.isWarned) continue;
    of.isWarned = true;
    for (const lane of of.waitingLanes()) {
      const { run } = lane;
      const work = lane.works.first;
      if (work === undefined || run.warned.get(of) === of.seated) continue;
      run.warned.set(of, of.seated);
      s.effects.push({ kind: "unsatisfiable", work: work.name, needs: of.needs, lacking: lackingOf(s, of) });
    }
  }
}

export function lackingOf(s: PlacementState, of: NeedsClass): Lacking {
  const workers = [...s.workers.values()];
  const resources = [...of.amounts].filter(([name, amount]) =>
    workers.every((worker) => amount > (worker.capacity.get(name) ?? 0)),
  );
  const labels = of.needs.labels.filter((label) => workers.every((worker) => !worker.labels.has(label)));
  return { resources: Object.fromEntries(resources.map(([name, amount]) => [name, amountOf(amount)])), labels };
}
