// Owns: what became of the tasks of a run, by slug: states, widths, durations, counts. Structure is left out.
// Does not own: the columns they are read from (`states/state-table`).

import type { FlowGraph } from "../graph/flow-graph.js";
import { failureOf } from "../states/failures.js";
import type { MapShape, StateTable } from "../states/state-table.js";
import type { FailureData } from "../work/failure-data.js";
import { nodeId, type NodeId, type TaskRunId } from "../work/ids.js";
import { type StateCode, type StateName, stateName } from "../work/kinds.js";
import { FlowError } from "./flow-error.js";
import { kindOf } from "./node-ref.js";
import type { FinishedStates, StateRow } from "./run-types.js";
import type { TaskState } from "./settled-types.js";

export class TaskStates implements FinishedStates {
  readonly #graph: FlowGraph;
  readonly #columns: StateTable;

  constructor(graph: FlowGraph, table: StateTable) {
    this.#graph = graph;
    this.#columns = table;
  }

  get(slug: string, index?: number): TaskState | undefined {
    const row = this.rowOf(slug, index);
    return row === undefined ? undefined : endOf(stateName(this.#columns.state(row)));
  }

  width(slug: string): number | undefined {
    const node = this.#graph.slugs.find(slug);
    return node === undefined ? undefined : this.#columns.maps.get(node)?.width;
  }

  *slugs(): Iterable<string> {
    for (const node of this.tasks()) yield this.#graph.slug(node);
  }

  failure(slug: string, index?: number): FailureData | undefined {
    const row = this.rowOf(slug, index);
    return row === undefined ? undefined : failureOf(this.#columns, this.#graph, row);
  }

  durationMs(slug: string, index?: number): number | undefined {
    const row = this.rowOf(slug, index);
    return row === undefined ? undefined : this.#columns.durationMs(row);
  }

  get size(): number {
    let count = 0;
    for (const _task of this.tasks()) count++;
    return count;
  }

  *rows(): Iterable<StateRow> {
    for (const node of this.tasks()) yield* this.rowsOf(node);
  }

  table(): readonly StateRow[] {
    return [...this.rows()];
  }

  summary(): Record<StateName, number> {
    const counts = emptyCounts();
    for (const node of this.tasks()) {
      for (const row of this.runsOf(node)) counts[stateName(this.#columns.state(row))]++;
    }
    return counts;
  }

  private rowsOf(node: NodeId): readonly StateRow[] {
    const slug = this.#graph.slug(node);
    const map = this.#columns.maps.get(node);
    if (map !== undefined) return this.rowsOfChildren(slug, map);
    const state = endOf(stateName(this.#columns.state(node)));
    if (state === undefined) return [];
    return [{ slug, state, count: 1, durationMs: this.#columns.durationMs(node) ?? 0, mapped: false }];
  }

  private rowsOfChildren(slug: string, map: MapShape): readonly StateRow[] {
    const counts: number[] = [];
    const times: number[] = [];
    const codes: StateCode[] = [];
    for (let row: number = map.first; row < map.first + map.width; row++) {
      const code = this.#columns.state(row);
      if (counts[code] === undefined) codes.push(code);
      counts[code] = (counts[code] ?? 0) + 1;
      times[code] = (times[code] ?? 0) + (this.#columns.durationMs(row) ?? 0);
    }
    return codes.flatMap((code) => {
      const state = endOf(stateName(code));
      const [count, durationMs] = [counts[code] ?? 0, times[code] ?? 0];
      return state === undefined ? [] : [{ slug, state, count, durationMs, mapped: true }];
    });
  }

  private *tasks(): Iterable<NodeId> {
    for (let node = 0; node < this.#graph.size; node++) if (this.#graph.spec(node).kind === "task") yield nodeId(node);
  }

  /** A mapped task's children, once there are any; else the task itself. */
  private *runsOf(node: NodeId): Iterable<number> {
    const map = this.#columns.maps.get(node);
    if (map === undefined) yield node;
    else for (let index = 0; index < map.width; index++) yield map.first + index;
  }

  private rowOf(slug: string, index: number | undefined): TaskRunId | undefined {
    const node = this.#graph.slugs.find(slug);
    return node === undefined ? undefined : this.#columns.rowOf(nodeId(node), index);
  }
}

/** The node of a slug. Throws `UNKNOWN_SLUG`. */
export function nodeOfSlug(graph: FlowGraph, slug: string): NodeId {
  if (typeof slug !== "string")
    throw new FlowError("UNKNOWN_SLUG", `a slug is a text, as in run.explain("load-1"): this one is ${kindOf(slug)}`);
  const node = graph.slugs.find(slug);
  if (node !== undefined) return nodeId(node);
  const near: string[] = [];
  const start = slug.replace(/-\d+$/, "");
  for (let other = 0; other < graph.size && near.length < 5; other++) {
    if (graph.spec(other).kind === "task" && graph.slug(other).startsWith(start)) near.push(graph.slug(other));
  }
  const hint = near.length > 0 ? `There are ${near.join(", ")}` : "describeFlow(flow) lists the slugs";
  throw new FlowError("UNKNOWN_SLUG", `no task of this flow has the slug ${JSON.stringify(slug)}. ${hint}`);
}

/** The same as the state of a task that has ended; undefined: it has not. */
export function endOf(state: StateName): TaskState | undefined {
  const isOpen = state === "Pending" || state === "Running" || state === "Retrying" || state === "Looped";
  return isOpen ? undefined : state;
}

export function emptyCounts(): Record<StateName, number> {
  return {
    Pending: 0,
    Running: 0,
    Retrying: 0,
    Looped: 0,
    Success: 0,
    Mapped: 0,
    Skipped: 0,
    Failed: 0,
    TriggerFailed: 0,
    Cancelled: 0,
    TimedOut: 0,
  };
}
