// Owns: what became of the tasks of a run, by slug: states, widths, durations, counts. Structure is left out.
// Does not own: the columns they are read from (`states/state-table`).

import type { FlowGraph } from "../graph/flow-graph.js";
import { failureOf } from "../states/failures.js";
import type { StateTable } from "../states/state-table.js";
import type { FailureData } from "../work/failure-data.js";
import { nodeId, type NodeId, type TaskRunId } from "../work/ids.js";
import { type StateName, stateName } from "../work/kinds.js";
import { FlowError } from "./flow-error.js";
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

  table(): readonly StateRow[] {
    return [...this.tasks()].flatMap((node) => this.rowsOf(node));
  }

  summary(): Record<StateName, number> {
    const counts = emptyCounts();
    for (const node of this.tasks()) {
      for (const row of this.runsOf(node)) counts[stateName(this.#columns.state(row))]++;
    }
    return counts;
  }

  private rowsOf(node: NodeId): StateRow[] {
    const slug = this.#graph.slug(node);
    const rows = new Map<TaskState, { slug: string; state: TaskState; count: number; durationMs: number }>();
    for (const run of this.runsOf(node)) {
      const state = endOf(stateName(this.#columns.state(run)));
      if (state === undefined) continue;
      const row = rows.get(state) ?? { slug, state, count: 0, durationMs: 0 };
      row.count++;
      row.durationMs += this.#columns.durationMs(run) ?? 0;
      rows.set(state, row);
    }
    return [...rows.values()];
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

function endOf(state: StateName): TaskState | undefined {
  const isOpen = state === "Pending" || state === "Running" || state === "Retrying" || state === "Looped";
  return isOpen ? undefined : state;
}

function emptyCounts(): Record<StateName, number> {
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
  };
}
