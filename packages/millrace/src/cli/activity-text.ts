// Owns: what threads, or tasks that say how far they are, do at this moment: as short texts.

import type { Executor, TaskProgress } from "@millrace/core";
import type { ThreadActivity, ThreadPoolExecutor } from "@millrace/local";

/** Of an executor that has threads: the one that is not loaded for others is told by what it has. */
export function activityOf(executor: Executor | undefined): readonly ThreadActivity[] {
  return hasActivity(executor) ? executor.activity() : [];
}

const hasActivity = (executor: Executor | undefined): executor is ThreadPoolExecutor =>
  executor !== undefined && "activity" in executor;

/** By thread where there are any, else by task: `1: parse-1[3] 40 %`. */
export function activityTexts(
  progress: readonly TaskProgress[],
  activity: readonly ThreadActivity[],
): readonly string[] {
  const busy = activity.filter(({ slug }) => slug !== undefined);
  if (busy.length === 0) return progress.map((task) => `${nameOf(task)}${percentOf(task)}`);
  return busy.map(({ thread, slug = "", mapIndex }) => {
    const said = progress.find((task) => task.thread === thread && task.slug === slug && task.mapIndex === mapIndex);
    return `${thread}: ${nameOf({ slug, mapIndex })}${said === undefined ? "" : percentOf(said)}`;
  });
}

const nameOf = ({ slug, mapIndex }: Pick<TaskProgress, "slug" | "mapIndex">): string =>
  mapIndex === undefined ? slug : `${slug}[${mapIndex}]`;

function percentOf({ done, total }: TaskProgress): string {
  return total > 0 ? ` ${Math.min(100, Math.floor((100 * done) / total))} %` : "";
}
