// Owns: the forms of a value without its bytes (arguments, a flow's result, what to fetch), and the one walk over them.
// T1. Over `NodeId` as written in the graph, over `TaskRunId` inside the scheduler, over `ValueRef` when sent:
//     `resolve` and `named` lead from one to the next, nothing else does.
// T2. `children` and a `state` on `settled` exist only behind `resolve`.

import type { NodeId, TaskRunId } from "./ids.js";
import type { StateData } from "./kinds.js";

/** A value's exact name: the task run, and the attempt that made it (0: put from outside). */
export type ValueRef = { readonly taskRun: TaskRunId; readonly attempt: number };

/** The gathered list of a map: a range of children and the elements that are something else. */
export type Children<Name> = {
  readonly kind: "children";
  readonly first: TaskRunId;
  readonly count: number;
  /** By index, where the attempt that made the value is not 1. */
  readonly attempts?: ReadonlyMap<number, number>;
  readonly except: ReadonlyMap<number, ValueTree<Name>>;
};

export type ValueTree<Name> =
  | { readonly kind: "inline"; readonly value: unknown }
  | { readonly kind: "ref"; readonly ref: Name }
  | { readonly kind: "pick"; readonly of: ValueTree<Name>; readonly key: ValueTree<Name> }
  /** The element at the work's index. */
  | { readonly kind: "element"; readonly of: ValueTree<Name> }
  | { readonly kind: "slot"; readonly slot: number }
  | Children<Name>
  | { readonly kind: "settled"; readonly of: ValueTree<Name>; readonly state?: StateData }
  | { readonly kind: "settledEach"; readonly of: ValueTree<Name> }
  /** The values of the elements that succeeded; `of` is a list of settled values. */
  | { readonly kind: "succeeded"; readonly of: ValueTree<Name> }
  | { readonly kind: "list"; readonly items: readonly ValueTree<Name>[] }
  | { readonly kind: "record"; readonly keys: readonly string[]; readonly items: readonly ValueTree<Name>[] };

export type GraphTree = ValueTree<NodeId>;
export type RunTree = ValueTree<TaskRunId>;
export type SentTree = ValueTree<ValueRef>;

export const UNDEFINED_TREE: { readonly kind: "inline"; readonly value: unknown } = Object.freeze({
  kind: "inline",
  value: undefined,
});

/** The same tree with what stands in it inline replaced. */
export function mapInline<N>(tree: ValueTree<N>, onInline: (value: unknown) => unknown): ValueTree<N> {
  const map = (part: ValueTree<N>): ValueTree<N> => mapInline(part, onInline);
  return mapParts<N, N>(tree, map, {
    inline: ({ value }) => ({ kind: "inline", value: onInline(value) }),
    ref: (part) => part,
    children: (part) => ({ ...part, except: new Map([...part.except].map(([i, each]) => [i, map(each)])) }),
  });
}

/**
 * The same tree with each name, and each range of children, replaced. Trees are as deep as a flow's author nests, and the
 * graph refuses what is nested beyond reason; `known`: parts that were replaced already.
 */
export function mapTree<A, B>(
  tree: ValueTree<A>,
  onRef: (ref: A) => ValueTree<B>,
  onChildren: (children: Children<A>) => ValueTree<B>,
  known: Map<ValueTree<A>, ValueTree<B>>,
): ValueTree<B> {
  const made = known.get(tree);
  if (made !== undefined) return made;
  const map = (part: ValueTree<A>): ValueTree<B> => mapTree(part, onRef, onChildren, known);
  const mapped = mapParts<A, B>(tree, map, {
    inline: (part) => part,
    ref: ({ ref }) => onRef(ref),
    children: onChildren,
  });
  known.set(tree, mapped);
  return mapped;
}

type Part<N, K> = Extract<ValueTree<N>, { readonly kind: K }>;
type Leaves<A, B> = {
  readonly inline: (part: Part<A, "inline">) => ValueTree<B>;
  readonly ref: (part: Part<A, "ref">) => ValueTree<B>;
  readonly children: (part: Children<A>) => ValueTree<B>;
};

function mapParts<A, B>(
  tree: ValueTree<A>,
  map: (part: ValueTree<A>) => ValueTree<B>,
  leaves: Leaves<A, B>,
): ValueTree<B> {
  switch (tree.kind) {
    case "inline":
      return leaves.inline(tree);
    case "slot":
      return tree;
    case "ref":
      return leaves.ref(tree);
    case "children":
      return leaves.children(tree);
    case "pick":
      return { kind: "pick", of: map(tree.of), key: map(tree.key) };
    case "settled": {
      const of = map(tree.of);
      return tree.state === undefined ? { kind: "settled", of } : { kind: "settled", of, state: tree.state };
    }
    case "element":
    case "settledEach":
    case "succeeded":
      return { kind: tree.kind, of: map(tree.of) };
    case "list":
      return { kind: "list", items: tree.items.map(map) };
    case "record":
      return { kind: "record", keys: tree.keys, items: tree.items.map(map) };
    default:
      return tree satisfies never;
  }
}

/** Calls `visit` with every name in a graph's tree, once for each place where it stands. */
export function eachName(tree: GraphTree, visit: (name: NodeId) => void): void {
  mapTree<NodeId, NodeId>(
    tree,
    (ref) => {
      visit(ref);
      return UNDEFINED_TREE;
    },
    () => UNDEFINED_TREE,
    new Map(),
  );
}
