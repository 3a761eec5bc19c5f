// Owns: what became of a future, read from the columns of its run: whether it is over, its error, its `Settled`.

import type { FlowGraph } from "../graph/flow-graph.js";
import { ResultMissing } from "../run/result-errors.js";
import { failureOf, skipOf } from "../states/failures.js";
import type { StateTable } from "../states/state-table.js";
import { errorOfFailure } from "../values/failure-travel.js";
import type { NodeId, TaskRunId } from "../work/ids.js";
import { runOfNode } from "../work/ids.js";
import { hasValue, isTerminal, STATE, stateName } from "../work/kinds.js";
import { FutureCancelled } from "./pool-errors.js";
import type { Settled } from "./settled-types.js";

/** It, and every child of it, has ended. */
export function isOver(states: StateTable, node: NodeId): boolean {
  const state = states.state(node);
  if (state !== STATE.Mapped) return isTerminal(state);
  const map = states.maps.get(node);
  if (map === undefined) return true;
  for (let row: number = map.first; row < map.first + map.width; row++)
    if (!isTerminal(states.state(row))) return false;
  return true;
}

/** Whether `node`, which may not have reached the run yet, cannot be over before `other` is. Upstreams stand before it. */
export function needs(graph: FlowGraph, states: StateTable, node: NodeId, other: NodeId): boolean {
  if (node <= other) return node === other;
  const open: NodeId[] = [node];
  const seen = new Set<NodeId>(open);
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (let edge = graph.inFirst(next); edge < graph.inEnd(next); edge++) {
      const from = graph.from(edge);
      if (from === other) return true;
      if (from < other || seen.has(from) || isOver(states, from)) continue;
      seen.add(from);
      open.push(from);
    }
  }
  return false;
}

/** The task run that says why there is no value: a failed child before a skipped one. Undefined: there is a value. */
export function firstWithoutValue(states: StateTable, node: NodeId): TaskRunId | undefined {
  const state = states.state(node);
  if (state !== STATE.Mapped) return hasValue(state) ? undefined : runOfNode(node);
  const width = states.maps.get(node)?.width ?? 0;
  let skipped: TaskRunId | undefined;
  for (let index = 0; index < width; index++) {
    const row = states.rowOf(node, index);
    if (row === undefined || hasValue(states.state(row))) continue;
    if (states.state(row) !== STATE.Skipped) return row;
    skipped ??= row;
  }
  return skipped;
}

/** What a future rejects with because of this task run. */
export function errorOfRow(states: StateTable, graph: FlowGraph, row: TaskRunId): Error {
  const map = states.mapOfRow(row);
  const slug = map === undefined ? graph.slug(row) : `${graph.slug(map.node)}[${row - map.first}]`;
  const state = states.state(row);
  const failure = failureOf(states, graph, row);
  if (state === STATE.Cancelled) return new FutureCancelled(slug, failure?.message ?? states.cancelReason);
  if (failure !== undefined) return errorOfFailure(failure);
  return new ResultMissing(slug, stateName(state));
}

/** What became of a future that has rejected with `error`. */
export function unsuccessful(states: StateTable, node: NodeId, error: unknown): Settled<never> {
  const row = firstWithoutValue(states, node);
  const state = row === undefined ? "Success" : stateName(states.state(row));
  if (row !== undefined && state === "Skipped") return { status: "skipped", state, ...skipOf(states, row) };
  if (state === "Failed" || state === "TimedOut" || state === "TriggerFailed")
    return { status: "failed", state, error };
  return { status: "failed", state: error instanceof FutureCancelled ? "Cancelled" : "Failed", error };
}
