// Owns: what a task says, as a report of the seam.

import type { Report, Said } from "../work/report.js";
import type { AttemptContext } from "./context.js";

export function reportOf(
  { run, work, taskName, taskSlug, mapIndex, ended }: AttemptContext,
  said: Said,
  atMs: number,
): Report {
  const { taskRun, attempt, runCount } = work;
  const exact = ended ? { taskRun: undefined, attempt: undefined } : { taskRun, attempt };
  return {
    run: run.id,
    atMs,
    by: { task: taskName, slug: taskSlug, mapIndex, runCount, thread: undefined, ...exact },
    said,
  };
}
