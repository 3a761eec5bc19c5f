// Owns: the rows of a run's table by task.

import type { StateRow } from "@millrace/core";

/** One row for each state of a mapped task's children, one for any other task. */
export type TaskRows = { readonly slug: string; readonly rows: readonly StateRow[] };

/** In the order of the tasks: the rows of one stand together. Lazily: of a hundred thousand tasks a few are shown. */
export function* groupBySlug(table: Iterable<StateRow>): Generator<TaskRows> {
  let group: { readonly slug: string; readonly rows: StateRow[] } | undefined;
  for (const row of table) {
    if (group?.slug === row.slug) group.rows.push(row);
    else {
      if (group !== undefined) yield group;
      group = { slug: row.slug, rows: [row] };
    }
  }
  if (group !== undefined) yield group;
}
