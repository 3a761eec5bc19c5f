// Owns: the rows of a run's table by task.

import type { StateRow } from "@millrace/core";

/** One row for each state of a mapped task's children, one for any other task. */
export type TaskRows = { readonly slug: string; readonly rows: readonly StateRow[] };

/** In the order of the tasks: the rows of one stand together. An index of a hundred thousand slugs would take 100 ms. */
export function groupBySlug(table: readonly StateRow[]): readonly TaskRows[] {
  const groups: { slug: string; rows: StateRow[] }[] = [];
  for (const row of table) {
    const group = groups.at(-1);
    if (group?.slug === row.slug) group.rows.push(row);
    else groups.push({ slug: row.slug, rows: [row] });
  }
  return groups;
}
