// Owns: the table at the end of a run: what became of each task.

import type { StateRow } from "@millrace/core";
import { columns } from "./columns.js";
import { durationText } from "./duration-text.js";
import type { RunReport } from "./run-report.js";

const rowsMax = 50;

export function taskTable({ flow, run, rows }: RunReport, tookMs: number): readonly string[] {
  const shown = [...rows].slice(0, rowsMax);
  const cells = shown.map(([slug, own]) => [slug, statesText(run.states.width(slug), own), timeText(own)]);
  const more = rows.size - rowsMax;
  return [
    ...columns([["task", "state", "time in it"], ...cells]),
    ...(more > 0 ? [`... ${more} more tasks (--json has all)`] : []),
    "",
    `${flow}: ${run.state} in ${durationText(tookMs)}`,
  ];
}

/** A mapped task is its children. */
function statesText(width: number | undefined, rows: readonly StateRow[]): string {
  if (width === undefined) return rows.map(({ state }) => state).join(", ");
  return rows.map(({ state, count }) => `${count} ${state}`).join(", ");
}

/** What never started took no time. */
function timeText(rows: readonly StateRow[]): string {
  const durationMs = rows.reduce((sum, row) => sum + row.durationMs, 0);
  const didRun = rows.some(({ state }) => state === "Success" || state === "Failed");
  return didRun ? durationText(durationMs) : "";
}
