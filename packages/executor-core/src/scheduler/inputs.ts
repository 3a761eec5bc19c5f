// Owns: which of the values that a work or a question reads are lost.

import { eachValueName, type NameVisitor } from "../work/value-names.js";
import type { Children, RunTree, SentTree } from "../work/value-tree.js";
import type { RunState } from "./run-state.js";

/** Adds to `found` the rows that are lost among what the tree reads. */
export function addLost(s: RunState, tree: RunTree, found: Set<number>): void {
  eachValueName(
    tree,
    -1,
    lostVisitor(s, (row) => row, found, true),
  );
}

/** The same of a tree as it is sent, read at `index`; whole lists only with `ranges`. */
export function addLostSent(s: RunState, tree: SentTree, index: number, found: Set<number>, ranges = true): void {
  eachValueName(
    tree,
    index,
    lostVisitor(s, ({ taskRun }) => taskRun, found, ranges),
  );
}

function lostVisitor<Name>(
  s: RunState,
  rowOf: (name: Name) => number,
  found: Set<number>,
  ranges: boolean,
): NameVisitor<Name> {
  const addRow = (row: number): void => {
    if (s.lineage.lost.has(row)) found.add(row);
  };
  return {
    name: (name) => addRow(rowOf(name)),
    child: ({ first }, index) => addRow(first + index),
    range: (children) => {
      if (ranges) addRange(s, children, found);
    },
  };
}

/** Whichever is shorter is walked: the range, or what is lost. */
function addRange<Name>(s: RunState, { first, count, except }: Children<Name>, found: Set<number>): void {
  const { lost } = s.lineage;
  const note = (row: number): void => {
    if (!except.has(row - first)) found.add(row);
  };
  if (lost.size < count) {
    for (const row of lost) if (row >= first && row < first + count) note(row);
  } else for (let row = first; row < first + count; row++) if (lost.has(row)) note(row);
}
