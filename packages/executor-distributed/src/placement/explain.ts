// Owns: why a work that is here has not ended, or one with such needs would not be sent (D13): worked out when asked, from the
// tables that decide. Looks at all workers.
// Does not own: words (`words`).

import type { WorkName } from "./events.js";
import type { Needs } from "@millrace/core/pure";
import { amountOf, type Lacking, needsKey } from "./needs.js";
import { NeedsClass } from "./needs-class.js";
import { lackingOf } from "./demanding.js";
import type { PlacementState } from "./state.js";
import { weighInputs } from "./holdings.js";
import type { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

/** Who has how much of a resource that is waited for. */
export type ResourceUse = {
  readonly resource: string;
  readonly worker: number;
  readonly amount: number;
  readonly works: readonly WorkName[];
};

export type PlacementReason =
  | { readonly code: "NOT_HERE" }
  | { readonly code: "NO_WORKER" }
  /** `lacking` nothing: no single worker has them all. */
  | { readonly code: "NO_WORKER_EVER"; readonly needs: Needs; readonly lacking: Lacking }
  | { readonly code: "WORKERS_PAUSED"; readonly workers: readonly number[] }
  | { readonly code: "WORKERS_RETIRING"; readonly workers: readonly number[] }
  | { readonly code: "RESOURCES_IN_USE"; readonly needs: Needs; readonly uses: readonly ResourceUse[] }
  | { readonly code: "NO_FREE_SLOT"; readonly slots: number; readonly waiting: number }
  | { readonly code: "INPUT_ON_ITS_WAY"; readonly worker: number; readonly bytes: number }
  | { readonly code: "SENT"; readonly worker: number; readonly ahead: number }
  | { readonly code: "TAKEN_BACK"; readonly worker: number }
  | { readonly code: "RUNNING"; readonly worker: number; readonly sinceMs: number };

const NAMED_MAX = 10;

export function explain(s: PlacementState, run: number, taskRun: number): PlacementReason {
  const work = s.runs.get(run)?.works.get(taskRun);
  if (work === undefined) return { code: "NOT_HERE" };
  const worker = work.seat?.worker;
  if (worker === undefined) return explainWaiting(s, work.lane.of);
  switch (work.place) {
    case "begun":
      return { code: "RUNNING", worker: worker.worker, sinceMs: work.begunAtMs };
    case "recalled":
      return { code: "TAKEN_BACK", worker: worker.worker };
    case "sent":
    case "waiting":
      return explainSent(s, work, worker);
    default:
      return work.place satisfies never;
  }
}

/** Of a work that is not here: why none with these needs is sent now. */
export function explainNeeds(s: PlacementState, needs: Needs): PlacementReason {
  return explainWaiting(s, s.classes.get(needsKey(needs)) ?? new NeedsClass(needs));
}

function explainSent(s: PlacementState, work: WorkRow, worker: WorkerRow): PlacementReason {
  const holders: WorkerRow[] = [];
  const total = weighInputs(s, work.lane.run, work.facts.inputs, holders);
  const bytes = total - worker.inputBytes;
  for (const holder of holders) holder.inputBytes = 0;
  if (bytes > 0) return { code: "INPUT_ON_ITS_WAY", worker: worker.worker, bytes };
  return { code: "SENT", worker: worker.worker, ahead: worker.works.size - 1 };
}

function explainWaiting(s: PlacementState, of: NeedsClass): PlacementReason {
  if (s.workers.size === 0) return { code: "NO_WORKER" };
  const able = [...s.workers.values()].filter((worker) => of.couldRunOn(worker));
  if (able.length === 0) return { code: "NO_WORKER_EVER", needs: of.needs, lacking: lackingOf(s, of) };
  const numbers = (workers: readonly WorkerRow[]): number[] => workers.slice(0, NAMED_MAX).map(({ worker }) => worker);
  const staying = able.filter((worker) => !worker.retiring);
  if (staying.length === 0) return { code: "WORKERS_RETIRING", workers: numbers(able) };
  const open = staying.filter((worker) => worker.isOpen);
  if (open.length === 0) return { code: "WORKERS_PAUSED", workers: numbers(staying) };
  const uses = open.filter((worker) => worker.hasRoom).flatMap((worker) => usesOf(worker, of));
  if (uses.length > 0) return { code: "RESOURCES_IN_USE", needs: of.needs, uses: uses.slice(0, NAMED_MAX) };
  return { code: "NO_FREE_SLOT", slots: open.reduce((sum, { slots }) => sum + slots, 0), waiting: of.waiting };
}

function usesOf(worker: WorkerRow, of: NeedsClass): readonly ResourceUse[] {
  return [...of.amounts]
    .filter(([resource, amount]) => amount > (worker.free.get(resource) ?? 0) || worker.isKeptFrom(of))
    .map(([resource]) => {
      const users = [...worker.works].filter((work) => work.lane.of.amounts.has(resource));
      const used = (worker.capacity.get(resource) ?? 0) - (worker.free.get(resource) ?? 0);
      const works = users.slice(0, NAMED_MAX).map((work) => work.name);
      return { resource, worker: worker.worker, amount: amountOf(used), works };
    });
}
