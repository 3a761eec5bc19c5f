// Owns: the rows of a run's table by task.

import type { StateRow } from "@millrace/core";

/** One row for each state of a mapped task's children, one for any other task; in the order of the tasks. */
export function groupBySlug(table: readonly StateRow[]): ReadonlyMap<string, readonly StateRow[]> {
  const groups = new Map<string, StateRow[]>();
  for (const row of table) {
    const group = groups.get(row.slug);
    if (group === undefined) groups.set(row.slug, [row]);
    else group.push(row);
  }
  return groups;
}
