// Owns: answering a request for values: what cannot be had is refused with its reason, the rest is asked of the runner.

import { nodeId, type NodeId } from "../work/ids.js";
import { failureOf } from "../states/failures.js";
import { hasValue, STATE, stateName } from "../work/kinds.js";
import { eachName, type GraphTree } from "../work/value-tree.js";
import type { FetchRefusal } from "./effects.js";
import { FLAG } from "./node-page.js";
import { named, resolve } from "./resolve.js";
import type { RunState } from "./run-state.js";
import { hold } from "./value-lifetime.js";

export function onFetchAsked(s: RunState, fetch: number, tree: GraphTree): void {
  const nodes: NodeId[] = [];
  let refusal: FetchRefusal | undefined;
  eachPlainName(tree, (node, settled) => {
    nodes.push(node);
    refusal ??= refuse(s, node, settled);
  });
  if (refusal !== undefined) {
    s.effects.push({ kind: "fetchRefused", fetch, refusal });
    return;
  }
  for (const node of nodes) hold(s, node);
  const id = s.asks.add({ for: "fetch", fetch, holds: nodes });
  s.effects.push({ kind: "ask", ask: { run: s.facts.id, id, kind: "fetch", tree: named(s, resolve(s, tree)) }, fetch });
}

/** Names and whether they stand behind `settled`, where a state will do. */
function eachPlainName(tree: GraphTree, visit: (node: NodeId, settled: boolean) => void): void {
  if (tree.kind === "settled" || tree.kind === "settledEach") {
    eachName(
      tree.of,
      (node) => visit(node, true),
      () => undefined,
    );
  } else if (tree.kind === "list" || tree.kind === "record") {
    for (const item of tree.items) eachPlainName(item, visit);
  } else
    eachName(
      tree,
      (node) => visit(node, false),
      () => undefined,
    );
}

function refuse(s: RunState, node: NodeId, settled: boolean): FetchRefusal | undefined {
  const slug = s.graph.slug(node);
  if (!s.isComplete(node)) return { why: "noValue", slug, state: stateName(s.table.state(node)), failure: undefined };
  if ((s.flags(node) & FLAG.released) !== 0) return { why: "released", slug };
  const map = s.maps.get(node);
  if (settled) return undefined;
  if (map !== undefined) return map.success === map.width ? undefined : refuseChild(s, node);
  const state = s.table.state(node);
  if (hasValue(state)) return undefined;
  return { why: "noValue", slug, state: stateName(state), failure: failureOf(s.table, s.graph, node) };
}

function refuseChild(s: RunState, node: NodeId): FetchRefusal | undefined {
  const map = s.maps.get(nodeId(node));
  for (let i = 0; i < (map?.width ?? 0); i++) {
    const row = (map?.shape.first ?? 0) + i;
    const state = s.table.state(row);
    if (state === STATE.Success) continue;
    return { why: "noValue", slug: s.rowName(row), state: stateName(state), failure: failureOf(s.table, s.graph, row) };
  }
  return undefined;
}
