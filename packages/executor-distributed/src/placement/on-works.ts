// Owns: what becomes of works: arriving, beginning, ending, taken back, cancelled. Each is answered once and forgotten then.

import { InternalError } from "@millrace/core/pure";
import type { PlacedWork, WorkEnd, WorkName } from "./events.js";
import { addValue, dropAt } from "./holdings.js";
import type { PlacementState } from "./state.js";
import { WorkRow } from "./work-row.js";
import type { WorkerRow } from "./worker-row.js";

export function onArrived(s: PlacementState, runNumber: number, works: readonly PlacedWork[]): void {
  const run = s.runOf(runNumber);
  if (run.closed) throw new InternalError(`run ${runNumber} is closed and gets works`);
  for (const facts of works) {
    if (run.works.has(facts.taskRun)) throw new InternalError(`task run ${facts.taskRun} is open already`);
    const of = facts.needs === undefined ? s.plain : s.classOf(facts.needs);
    const work = new WorkRow(of.laneOf(run, facts.priority ?? 0), facts, s.nextOrder());
    run.works.set(facts.taskRun, work);
    of.works++;
    s.wait(work);
  }
}

export function onBegan(s: PlacementState, worker: WorkerRow, works: readonly WorkName[]): void {
  for (const name of works) {
    const work = s.find(name, worker);
    if (work === undefined || work.place === "begun") continue;
    if (work.place === "recalled") s.recalled--;
    worker.begin(work, s.nowMs);
  }
  s.refresh(worker);
}

export function onEnded(s: PlacementState, worker: WorkerRow, ends: readonly WorkEnd[]): void {
  for (const end of ends) {
    const work = s.find(end, worker);
    if (work === undefined) {
      dropStray(s, worker, end);
      continue;
    }
    s.release(work);
    s.forget(work);
    const { run } = work.lane;
    if (end.end !== "value") continue;
    s.averages.noteDuration(work.facts.task, end.durationMs);
    if (run.closed) dropAt(s, run, end.taskRun, end.attempt, worker);
    else addValue(s, run, end.taskRun, end.attempt, end.valueBytes, worker);
  }
  s.refresh(worker);
}

/** Nobody asked for it any more: nor will anybody ask for its value. */
function dropStray(s: PlacementState, worker: WorkerRow, end: WorkEnd): void {
  const run = s.runs.get(end.run);
  if (end.end !== "value") return;
  if (run !== undefined) return dropAt(s, run, end.taskRun, end.attempt, worker);
  const values = [{ first: end.taskRun, count: 1, attempt: end.attempt }];
  s.effects.push({ kind: "drop", worker: worker.worker, run: end.run, values });
}

/** What is at a worker keeps its slot and its resources until the worker has answered. */
export function onCancelled(s: PlacementState, names: readonly WorkName[]): void {
  const asked = new Map<WorkerRow, WorkName[]>();
  for (const name of names) {
    const work = s.runs.get(name.run)?.works.get(name.taskRun);
    if (work?.facts.attempt !== name.attempt) continue;
    const worker = work.seat?.worker;
    if (worker === undefined) {
      s.unwait(work);
      s.forget(work);
      s.effects.push({ kind: "givenBack", work: work.name, missing: [] });
      continue;
    }
    const of = asked.get(worker);
    if (of === undefined) asked.set(worker, [work.name]);
    else of.push(work.name);
  }
  for (const [worker, works] of asked) s.effects.push({ kind: "cancel", worker: worker.worker, works });
}
