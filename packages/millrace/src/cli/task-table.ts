// Owns: the table at the end of a run: what became of each task.

import type { StateRow } from "@millrace/core";
import { columns } from "./columns.js";
import { durationText } from "./duration-text.js";
import { groupBySlug } from "./group-by-slug.js";
import type { RunReport } from "./run-report.js";

const rowsMax = 50;

export function taskTable({ flow, run }: RunReport, tookMs: number): readonly string[] {
  const cells: string[][] = [];
  for (const { slug, rows } of groupBySlug(run.states.rows())) {
    if (cells.length === rowsMax) break;
    cells.push([slug, statesText(rows), timeText(rows)]);
  }
  const more = cells.length < rowsMax ? 0 : run.states.size - rowsMax;
  return [
    ...columns([["task", "state", "time in it"], ...cells]),
    ...(more > 0 ? [`... ${more} more tasks (--json has all)`] : []),
    "",
    `${flow}: ${run.state} in ${durationText(tookMs)}`,
  ];
}

/** A mapped task is its children. */
function statesText(rows: readonly StateRow[]): string {
  const [first] = rows;
  if (first?.mapped === false) return first.state;
  return rows.map(({ state, count }) => `${count} ${state}`).join(", ");
}

/** What never started took no time. */
function timeText(rows: readonly StateRow[]): string {
  const durationMs = rows.reduce((sum, row) => sum + row.durationMs, 0);
  const didRun = rows.some(({ state }) => state === "Success" || state === "Failed" || state === "TimedOut");
  return didRun ? durationText(durationMs) : "";
}
