// Owns: the table at the end of a run: what became of each task.

import type { FinishedRun, StateRow } from "@millrace/core";
import { columns } from "./columns.js";
import { durationText } from "./duration-text.js";
import { groupBySlug } from "./group-by-slug.js";
import type { RunReport } from "./run-report.js";

const rowsMax = 50;

export function taskTable({ flow, run, table }: RunReport, tookMs: number): readonly string[] {
  const all = groupBySlug(table);
  const cells = all.slice(0, rowsMax).map(({ slug, rows }) => [slug, statesText(run, slug, rows), timeText(rows)]);
  const more = all.length - rowsMax;
  return [
    ...columns([["task", "state", "time in it"], ...cells]),
    ...(more > 0 ? [`... ${more} more tasks (--json has all)`] : []),
    "",
    `${flow}: ${run.state} in ${durationText(tookMs)}`,
  ];
}

/** A mapped task is its children. Looking a slug up makes an index of all: only where the rows do not tell. */
function statesText({ states }: FinishedRun<unknown>, slug: string, rows: readonly StateRow[]): string {
  const [{ count, state } = { count: 0, state: "" }, second] = rows;
  if (count === 1 && second === undefined && states.width(slug) === undefined) return state;
  return rows.map(({ state, count }) => `${count} ${state}`).join(", ");
}

/** What never started took no time. */
function timeText(rows: readonly StateRow[]): string {
  const durationMs = rows.reduce((sum, row) => sum + row.durationMs, 0);
  const didRun = rows.some(({ state }) => state === "Success" || state === "Failed");
  return didRun ? durationText(durationMs) : "";
}
