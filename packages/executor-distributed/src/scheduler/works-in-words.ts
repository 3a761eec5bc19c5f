// Owns: works as they are told to people: why one has not ended, and warnings about one.
// Does not own: the reasons and their words (`placement`).

import { type FlowRunId, type Needs, type Report, type RunnerReason, slugOf, type WorkId } from "@millrace/core/pure";
import type { PlacementEffect } from "../placement/effects.js";
import type { WorkName } from "../placement/events.js";
import { NO_NEEDS } from "../placement/needs.js";
import type { Placement } from "../placement/placement.js";
import { inWords, lackText, type Names } from "../placement/words.js";
import type { OpenWork, RunHere, RunsHere } from "./runs-here.js";

/** Without a work: of one with these needs that was not given. Undefined: it was answered, or is not known. */
export function explainWork(
  placement: Placement,
  runs: RunsHere,
  work: WorkId | undefined,
  needs: Needs | undefined,
  nowMs: number,
): RunnerReason | undefined {
  const run = work === undefined ? undefined : runs.find(work.run);
  if (work !== undefined && run?.works.get(work.taskRun)?.attempt !== work.attempt) return undefined;
  const reason =
    work === undefined || run === undefined
      ? placement.explainNeeds(needs ?? NO_NEEDS)
      : placement.explain(run.number, work.taskRun);
  return inWords(reason, namesFor(runs, work?.run), nowMs);
}

/** For people, in a run: workers by number, its own works by slug, those of another run with that run's name. */
function namesFor(runs: RunsHere, asking: FlowRunId | undefined): Names {
  return {
    worker: (worker) => `worker ${worker}`,
    work: (name) => nameOf(runs.at(name.run), name, asking),
  };
}

function nameOf(run: RunHere | undefined, { taskRun }: WorkName, asking: FlowRunId | undefined): string {
  const open = run?.works.get(taskRun);
  if (run === undefined || open === undefined) return `task run ${taskRun}`;
  const slug = placeOf(open);
  return run.id === asking ? slug : `${slug} of ${open.batch.run.name}`;
}

/** Its slug, and its index where it is a map's child. */
function placeOf({ batch, i }: OpenWork): string {
  const work = batch.at(i);
  const slug = slugOf(batch.template, work);
  return work.index < 0 ? slug : `${slug}[${work.index}]`;
}

/** Of which no worker could ever run one. */
export type Lack = Pick<Extract<PlacementEffect, { kind: "unsatisfiable" }>, "work" | "needs" | "lacking">;

/** The warning, as if the work's task had said it. Undefined: the work was answered. */
export function recordOf(runs: RunsHere, { work: name, needs, lacking }: Lack, atMs: number): Report | undefined {
  const run = runs.at(name.run);
  const open = run?.works.get(name.taskRun);
  if (run === undefined || open === undefined) return undefined;
  const { template } = open.batch;
  const work = open.batch.at(open.i);
  const { taskRun, attempt, runCount, index } = work;
  const mapIndex = index < 0 ? undefined : index;
  const by = {
    task: template.name,
    slug: slugOf(template, work),
    mapIndex,
    runCount,
    taskRun,
    attempt,
    thread: undefined,
  };
  return { run: run.id, atMs, by, said: { kind: "log", level: "warn", message: lackText(needs, lacking) } };
}
