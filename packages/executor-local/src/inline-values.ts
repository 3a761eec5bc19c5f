// Owns: values that stand in a work's own arguments, encoded once, and those that were given up to a thread (`transfer`).
// V1. What was given up is moved where nobody else can ask for it again: in a call of a pool, of a task without retries. Then
//     it is gone, whatever becomes of the thread.

import { MillraceError, type RunFacts, type SentTree, type WorkTemplate } from "@millrace/core/seam";
import { type Held, heldOf, isPacked, isPrimitive } from "./held.js";

type InlineTree = SentTree & { readonly kind: "inline" };

const MOVED = Symbol("moved");
const encoded = new WeakMap<SentTree, Held | typeof MOVED>();

/** Throws `MEMORY_MOVED`, and what encoding throws. */
export function inlineOf(tree: InlineTree, name: string): Held {
  if (isPrimitive(tree.value)) return tree.value;
  let held = encoded.get(tree);
  if (held === MOVED) {
    const why = "was given up by transfer() and went with the thread that had it";
    throw new MillraceError(
      "MEMORY_MOVED",
      `${name} ${why}: without transfer() it is copied, and the task can run again`,
    );
  }
  if (held === undefined) {
    held = heldOf(tree.value, name);
    encoded.set(tree, held);
  }
  return held;
}

/** V1. */
export const movesGivenUp = ({ once }: RunFacts, { retry }: WorkTemplate): boolean =>
  once === true && retry.retries === 0;

/** The memory of what was given up in these trees, which is gone from here on. */
export function takeMemory(trees: readonly SentTree[]): readonly ArrayBuffer[] {
  return trees.flatMap((tree) => {
    const held = encoded.get(tree);
    encoded.set(tree, MOVED);
    if (held === undefined || held === MOVED || !isPacked(held)) return [];
    return held.beside.filter((buffer) => buffer instanceof ArrayBuffer);
  });
}
