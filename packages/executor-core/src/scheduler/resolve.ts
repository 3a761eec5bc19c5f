// Owns: the two steps from a tree as written to a tree as sent (T1 in `work/value-tree`): `resolve` names task runs and
// writes states in, `named` writes attempts in.

import { type NodeId, runOfNode, type TaskRunId, taskRunId } from "../work/ids.js";
import { hasValue } from "../work/kinds.js";
import { InternalError } from "../work/millrace-error.js";
import {
  type Children,
  type GraphTree,
  mapTree,
  type RunTree,
  type SentTree,
  UNDEFINED_TREE,
} from "../work/value-tree.js";
import { stateDataOf } from "../states/failures.js";
import type { MapRecord } from "./map-record.js";
import type { RunState } from "./run-state.js";

/** What a complete node stands for; of a map, the gathered list. */
export function treeOf(s: RunState, node: NodeId): RunTree {
  const map = s.maps.get(node);
  if (map !== undefined) return childrenOf(map);
  const kept = s.trees.get(node);
  if (kept !== undefined) return kept;
  return { kind: "ref", ref: runOfNode(node) };
}

export function resolve(s: RunState, tree: GraphTree): RunTree {
  switch (tree.kind) {
    case "ref":
      return treeOf(s, tree.ref);
    case "settled":
      return tree.of.kind === "ref" ? settledNode(s, tree.of.ref) : { kind: "settled", of: resolve(s, tree.of) };
    case "settledEach":
      return settledEach(s, tree.of);
    case "element": {
      const list = tree.of.kind === "settledEach" ? tree.of.of : tree.of;
      // Mapped over a list that failed or was skipped as a whole: every child gets that state.
      if (tree.of.kind === "settledEach" && list.kind === "ref" && !s.maps.has(list.ref) && !has(s, list.ref))
        return settledNode(s, list.ref);
      return { kind: "element", of: resolve(s, tree.of) };
    }
    case "inline":
    case "slot":
      return tree;
    case "pick":
      return { kind: "pick", of: resolve(s, tree.of), key: resolve(s, tree.key) };
    case "succeeded":
      return { kind: "succeeded", of: resolve(s, tree.of) };
    case "list":
      return { kind: "list", items: tree.items.map((item) => resolve(s, item)) };
    case "record":
      return { kind: "record", keys: tree.keys, items: tree.items.map((item) => resolve(s, item)) };
    case "children":
      throw new InternalError("a graph's tree names children, which only a run has");
    default:
      return tree satisfies never;
  }
}

const has = (s: RunState, node: number): boolean => hasValue(s.table.state(node));
const NO_EXCEPTIONS: ReadonlyMap<number, RunTree> = new Map();

export function childrenOf(map: MapRecord, except: ReadonlyMap<number, RunTree> = NO_EXCEPTIONS): Children<TaskRunId> {
  return { kind: "children", first: map.shape.first, count: map.width, except };
}

function settledNode(s: RunState, node: NodeId): RunTree {
  const map = s.maps.get(node);
  if (map === undefined) {
    const state = stateDataOf(s.table, s.graph, node);
    return { kind: "settled", of: has(s, node) ? treeOf(s, node) : UNDEFINED_TREE, state };
  }
  // A map as one: the first child that has no value says why.
  if (map.success === map.width) return { kind: "settled", of: childrenOf(map), state: { state: "Mapped" } };
  const index = firstWithout(s, map);
  return { kind: "settled", of: UNDEFINED_TREE, state: stateDataOf(s.table, s.graph, map.shape.first + index) };
}

/** Failures before skips: a map with both has failed. */
function firstWithout(s: RunState, map: MapRecord): number {
  let skipped = -1;
  for (let i = 0; i < map.width; i++) {
    const state = stateDataOf(s.table, s.graph, map.shape.first + i).state;
    if (state === "Skipped") skipped = skipped < 0 ? i : skipped;
    else if (state !== "Success") return i;
  }
  return skipped;
}

function settledEach(s: RunState, of: GraphTree): RunTree {
  const map = of.kind === "ref" ? s.maps.get(of.ref) : undefined;
  if (map === undefined) return { kind: "settledEach", of: resolve(s, of) };
  const except = new Map<number, RunTree>();
  if (map.success < map.width) {
    for (let i = 0; i < map.width; i++) {
      const row = map.shape.first + i;
      if (s.isTerminal(row) && !has(s, row)) except.set(i, settledChild(s, map, i));
    }
  }
  return { kind: "settledEach", of: childrenOf(map, except) };
}

/** What became of one child. */
export function settledChild(s: RunState, map: MapRecord, index: number): RunTree {
  const row = taskRunId(map.shape.first + index);
  const state = stateDataOf(s.table, s.graph, row);
  return { kind: "settled", of: has(s, row) ? { kind: "ref", ref: row } : UNDEFINED_TREE, state };
}

/**
 * Names with the attempts that made the values. What a tree holds twice is named once: shared parts do not multiply.
 * `areAlike`: children are named without their attempts.
 */
export function named(s: RunState, tree: RunTree, areAlike = false): SentTree {
  if (tree.kind === "ref") return { kind: "ref", ref: { taskRun: tree.ref, attempt: attemptOf(s, tree.ref) } };
  if (tree.kind === "inline") return tree;
  return mapTree(
    tree,
    (ref): SentTree => ({ kind: "ref", ref: { taskRun: ref, attempt: attemptOf(s, ref) } }),
    (children) => namedChildren(s, children, areAlike),
    new Map(),
  );
}

function namedChildren(s: RunState, children: Children<TaskRunId>, areAlike: boolean): SentTree {
  const except = new Map<number, SentTree>();
  for (const [index, tree] of children.except) except.set(index, named(s, tree));
  const attempts = areAlike ? undefined : s.mapOf(children.first)?.attempts;
  const { kind, first, count } = children;
  // What is sent keeps its names when a value is made again.
  return attempts !== undefined && attempts.size > 0
    ? { kind, first, count, attempts: s.lineage.on ? new Map(attempts) : attempts, except }
    : { kind, first, count, except };
}

/** Values put from outside are of attempt 0, and so is a row that was never sent. */
const attemptOf = (s: RunState, row: number): number => s.attempt(row);
