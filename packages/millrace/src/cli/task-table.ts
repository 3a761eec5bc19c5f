// Owns: the table at the end of a run: what became of each task.

import type { FinishedRun, StateRow } from "@millrace/core";
import { columns } from "./columns.js";
import { durationText } from "./duration-text.js";
import { groupBySlug } from "./group-by-slug.js";

const rowsMax = 50;

export function taskTable(flow: string, run: FinishedRun<unknown>, tookMs: number): readonly string[] {
  const all = [...groupBySlug(run.states.table())].map(([slug, rows]) => [
    slug,
    statesText(run, slug, rows),
    timeText(rows),
  ]);
  const more = all.length - rowsMax;
  return [
    ...columns([["task", "state", "time in it"], ...all.slice(0, rowsMax)]),
    ...(more > 0 ? [`... ${more} more tasks (--json has all)`] : []),
    "",
    `${flow}: ${run.state} in ${durationText(tookMs)}`,
  ];
}

/** A mapped task is its children. */
function statesText(run: FinishedRun<unknown>, slug: string, rows: readonly StateRow[]): string {
  if (run.states.width(slug) === undefined) return rows.map(({ state }) => state).join(", ");
  return rows.map(({ state, count }) => `${count} ${state}`).join(", ");
}

/** What never started took no time. */
function timeText(rows: readonly StateRow[]): string {
  const durationMs = rows.reduce((sum, row) => sum + row.durationMs, 0);
  const didRun = rows.some(({ state }) => state === "Success" || state === "Failed");
  return didRun ? durationText(durationMs) : "";
}
