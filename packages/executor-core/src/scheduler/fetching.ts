// Owns: answering a request for values: what cannot be had is refused with its reason, the rest is asked of the runner.

import { type NodeId, taskRunId } from "../work/ids.js";
import { EDGE } from "../graph/flow-graph.js";
import { failureOf } from "../states/failures.js";
import { hasValue, STATE, stateName } from "../work/kinds.js";
import { eachName, type GraphTree, type RunTree } from "../work/value-tree.js";
import { sendAsk } from "./asking.js";
import type { FetchRefusal } from "./effects.js";
import type { MapRecord } from "./map-record.js";
import { FLAG } from "./node-page.js";
import { resolve } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { hold, isRowReleased } from "./value-lifetime.js";

/** `index`: of the child of a map that `tree` names, instead of the gathered list. */
export function onFetchAsked(s: RunState, fetch: number, tree: GraphTree, index: number | undefined): void {
  const nodes: NodeId[] = [];
  let refusal: FetchRefusal | undefined;
  const map = index === undefined || tree.kind !== "ref" ? undefined : s.maps.get(tree.ref);
  eachPlainName(tree, (node, settled) => {
    nodes.push(node);
    refusal ??= map === undefined ? refuse(s, node, settled) : refuseChild(s, map, index ?? 0);
  });
  if (refusal !== undefined) {
    s.effects.push({ kind: "fetchRefused", fetch, refusal });
    return;
  }
  for (const node of nodes) hold(s, node);
  const read: RunTree =
    map === undefined ? resolve(s, tree) : { kind: "ref", ref: taskRunId(map.shape.first + (index ?? 0)) };
  sendAsk(s, { for: "fetch", fetch, holds: nodes, tree: read });
}

/** The attempt that made the value of a task that is no map, where the value is there; else -1. */
export function attemptThere(s: RunState, node: NodeId): number {
  if (node >= s.read || s.table.state(node) !== STATE.Success || s.graph.spec(node).kind !== "task") return -1;
  return (s.flags(node) & FLAG.released) === 0 && !s.lineage.lost.has(node) ? s.attempt(node) : -1;
}

/** Names and whether they stand behind `settled`, where a state will do. A part that stands twice is visited once. */
function eachPlainName(
  tree: GraphTree,
  visit: (node: NodeId, settled: boolean) => void,
  seen: Set<GraphTree> = new Set(),
): void {
  if (seen.has(tree)) return;
  seen.add(tree);
  const isSettled = tree.kind === "settled" || tree.kind === "settledEach";
  if (tree.kind === "list" || tree.kind === "record") for (const item of tree.items) eachPlainName(item, visit, seen);
  else eachName(isSettled ? tree.of : tree, (node) => visit(node, isSettled));
}

function refuse(s: RunState, node: NodeId, settled: boolean): FetchRefusal | undefined {
  if (!s.isComplete(node)) return noValue(s, node);
  if ((s.flags(node) & FLAG.released) !== 0) return { why: "released", slug: s.graph.slug(node) };
  if (settled) return undefined;
  const map = s.maps.get(node);
  if (map === undefined) return hasValue(s.table.state(node)) ? undefined : noValue(s, node);
  if (map.success === map.width) return undefined;
  for (let i = 0; i < map.width; i++)
    if (!hasValue(s.table.state(map.shape.first + i))) return noValue(s, map.shape.first + i);
  return undefined;
}

function refuseChild(s: RunState, map: MapRecord, index: number): FetchRefusal | undefined {
  const row = map.shape.first + index;
  if (index < 0 || index >= map.width || s.table.state(row) !== STATE.Success) return noValue(s, row);
  // While a map is swept some of its children are still there: they are let go too.
  const isSwept = (s.flags(map.shape.node) & FLAG.released) !== 0;
  return isSwept || isRowReleased(s, row) ? { why: "released", slug: s.rowName(row) } : undefined;
}

function noValue(s: RunState, row: number): FetchRefusal {
  // What the flow returned is nobody's task: the one behind it that has no value is named.
  if (row < s.known && s.graph.spec(row).kind === "result") {
    for (let edge = s.graph.inFirst(row); edge < s.graph.inEnd(row); edge++) {
      const behind = refuse(s, s.graph.from(edge), (s.graph.flags(edge) & EDGE.settled) !== 0);
      if (behind !== undefined) return behind;
    }
  }
  const state = stateName(s.table.state(row));
  return { why: "noValue", slug: s.rowName(row), state, failure: failureOf(s.table, s.graph, row) };
}
