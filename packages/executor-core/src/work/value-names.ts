// Owns: which values a tree reads, without reading them: of a work, of a question.
// N1. `element` reads at one index: of the gathered children of a map that is one child, and at index -1 none.
// N2. A range stays a range, however wide.

import type { ValueRange } from "./ask.js";
import { taskRunId } from "./ids.js";
import type { Children, SentTree, ValueRef, ValueTree } from "./value-tree.js";
import type { Work, WorkTemplate } from "./work.js";

export type NameVisitor<Name> = {
  readonly name: (name: Name) => void;
  /** One child of a range. */
  readonly child: (children: Children<Name>, index: number) => void;
  /** All of them, but for the exceptions, which are visited by themselves. */
  readonly range: (children: Children<Name>) => void;
};

export function eachValueName<Name>(tree: ValueTree<Name>, index: number, visit: NameVisitor<Name>): void {
  switch (tree.kind) {
    case "inline":
    case "slot":
      return;
    case "ref":
      return visit.name(tree.ref);
    case "children":
      for (const part of tree.except.values()) eachValueName(part, index, visit);
      return visit.range(tree);
    case "element":
      return eachElementName(tree.of, index, visit);
    case "pick":
      eachValueName(tree.of, index, visit);
      return eachValueName(tree.key, index, visit);
    case "settled":
    case "settledEach":
    case "succeeded":
      return eachValueName(tree.of, index, visit);
    case "list":
    case "record":
      for (const item of tree.items) eachValueName(item, index, visit);
      return;
    default:
      return tree satisfies never;
  }
}

/** N1. */
function eachElementName<Name>(list: ValueTree<Name>, index: number, visit: NameVisitor<Name>): void {
  if (list.kind === "settledEach") return eachElementName(list.of, index, visit);
  if (list.kind !== "children") return eachValueName(list, index, visit);
  if (index < 0) return;
  const except = list.except.get(index);
  if (except === undefined) visit.child(list, index);
  else eachValueName(except, index, visit);
}

/** What a work reads, by exact names; what stands in it twice is told twice. */
export function readsOfWork(template: Pick<WorkTemplate, "args">, work: Work): readonly ValueRange[] {
  const found: ValueRange[] = [];
  for (const tree of template.args) addReads(found, tree, work.index, work.inputAttempts);
  for (const tree of work.slots ?? []) addReads(found, tree, work.index, work.inputAttempts);
  return found;
}

export function readsOfTree(tree: SentTree): readonly ValueRange[] {
  const found: ValueRange[] = [];
  addReads(found, tree, -1, undefined);
  return found;
}

function addReads(found: ValueRange[], tree: SentTree, index: number, inputAttempts: Work["inputAttempts"]): void {
  eachValueName<ValueRef>(tree, index, {
    name: ({ taskRun, attempt }) => found.push({ first: taskRun, count: 1, attempt }),
    child: (children, at) => {
      const row = children.first + at;
      const attempt = inputAttempts?.get(taskRunId(row)) ?? children.attempts?.get(at) ?? 1;
      found.push({ first: row, count: 1, attempt });
    },
    range: (children) => addRange(found, children),
  });
}

/** Pieces between exceptions and odd attempts. */
function addRange(found: ValueRange[], { first, count, attempts, except }: Children<ValueRef>): void {
  const odd = [...new Set([...except.keys(), ...(attempts?.keys() ?? [])])].sort((a, b) => a - b);
  let from = 0;
  const plainTo = (end: number): void => {
    if (from < end) found.push({ first: first + from, count: end - from, attempt: 1 });
  };
  for (const index of odd) {
    plainTo(index);
    const attempt = attempts?.get(index);
    if (!except.has(index) && attempt !== undefined) found.push({ first: first + index, count: 1, attempt });
    from = index + 1;
  }
  plainTo(count);
}
