// Owns: which failures are behind a failed flow: from its failed reference tasks upstream to what failed by itself.
// Does not own: whether the flow failed (the scheduler decides).

import { EDGE, type FlowGraph } from "../graph/flow-graph.js";
import { defaultReferences } from "../graph/reference-nodes.js";
import { failureOf } from "../states/failures.js";
import type { StateTable } from "../states/state-table.js";
import type { FailureData } from "../work/failure-data.js";
import type { NodeId } from "../work/ids.js";
import { STATE, isFailure } from "../work/kinds.js";
import type { Blueprint } from "./blueprint.js";

/** `place` is the slug, `slug[index]` for a child. */
export type RootFailure = { readonly place: string; readonly failure: FailureData };

export const ROOT_FAILURES_MAX = 20;

type Place = { readonly node: NodeId; readonly index: number | undefined };

export function rootFailures(blueprint: Blueprint, states: StateTable): readonly RootFailure[] {
  const { graph } = blueprint;
  const found: RootFailure[] = [];
  const seen = new Set<number>();
  const open: Place[] = Array.from(blueprint.references ?? defaultReferences(graph), (node) => ({
    node,
    index: undefined,
  }));
  for (let next = 0; next < open.length && found.length < ROOT_FAILURES_MAX; next++) {
    const place = open[next];
    const row = place && states.rowOf(place.node, place.index);
    if (place === undefined || row === undefined || seen.has(row)) continue;
    seen.add(row);
    const state = states.state(row);
    if (state === STATE.Mapped) addFailedChildren(states, place.node, open);
    if (!isFailure(state)) continue;
    const upstream =
      state === STATE.Failed && graph.spec(place.node).kind === "task" ? [] : failedUpstream(graph, states, place);
    open.push(...upstream);
    const failure = upstream.length > 0 ? undefined : failureOf(states, graph, row);
    if (failure !== undefined) found.push({ place: placeText(graph, place), failure });
  }
  return found;
}

function addFailedChildren(states: StateTable, node: NodeId, open: Place[]): void {
  const map = states.maps.get(node);
  if (map === undefined) return;
  let added = 0;
  for (let index = 0; index < map.width && added < ROOT_FAILURES_MAX; index++) {
    if (!isFailure(states.state(map.first + index))) continue;
    open.push({ node, index });
    added++;
  }
}

/** Upstream task runs that failed, or whose children did; a mapped edge leads from child to child. */
function failedUpstream(graph: FlowGraph, states: StateTable, { node, index }: Place): Place[] {
  const found: Place[] = [];
  for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) {
    const from = graph.from(edge);
    const map = states.maps.get(from);
    const isPaired = index !== undefined && (graph.flags(edge) & EDGE.mapped) !== 0 && map !== undefined;
    const row = states.rowOf(from, isPaired ? index : undefined);
    if (row === undefined) continue;
    const state = states.state(row);
    if (isFailure(state)) found.push({ node: from, index: isPaired ? index : undefined });
    else if (state === STATE.Mapped) addFailedChildren(states, from, found);
  }
  return found;
}

function placeText(graph: FlowGraph, { node, index }: Place): string {
  return index === undefined ? graph.slug(node) : `${graph.slug(node)}[${index}]`;
}
