// Owns: the trees of a call's arguments, whoever calls: a flow that is built, a pool.
// Does not own: literals with refs inside (`literal`).

import type { GraphTree } from "../work/value-tree.js";
import { UnmappedArgument } from "./annotations.js";
import { FlowError } from "./flow-error.js";
import { type ArgumentLiterals, literalTree, type Place } from "./literal.js";
import { kindOf } from "./node-ref.js";

const NO_TREES: readonly GraphTree[] = Object.freeze([]);

export function argumentTrees(
  literals: ArgumentLiterals,
  task: string,
  args: readonly unknown[],
): readonly GraphTree[] {
  if (args.length === 0) return NO_TREES;
  return args.map((arg, i) => literalTree(literals, arg, () => `argument ${i + 1} of "${task}"`));
}

/** Element by element, but for what is `unmapped`. */
export function mappedTrees(literals: ArgumentLiterals, task: string, args: readonly unknown[]): readonly GraphTree[] {
  return args.map((arg, i) => {
    const place = (): string => `argument ${i + 1} of "${task}".map`;
    if (arg instanceof UnmappedArgument) return literalTree(literals, arg.value, place);
    return { kind: "element", of: listTree(literals, arg, place) };
  });
}

/** A list to go over. */
function listTree(literals: ArgumentLiterals, arg: unknown, place: Place): GraphTree {
  const ref = typeof arg === "object" && arg !== null ? literals.ref(arg) : undefined;
  if (ref?.kind === "settled") throw notAList(place(), "settled(...), which is one value: use settledEach(...)");
  if (ref !== undefined) return ref;
  if (!Array.isArray(arg)) throw notAList(place(), kindOf(arg));
  const tree = literalTree(literals, arg, place);
  return tree.kind === "inline" ? literals.constant(arg) : tree;
}

function notAList(place: string, what: string): FlowError {
  return new FlowError("NOT_A_LIST", `${place} is ${what}. Give a list, or unmapped(x) for what each child gets whole`);
}
