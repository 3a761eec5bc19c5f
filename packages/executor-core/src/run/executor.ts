// Owns: what a user hands to a flow, and the link to one run, wherever that run is driven.
// X1. Handles over a link (a flow run, a finished run) know nothing of a scheduler.

import type { GraphChunk } from "../graph/graph-chunk.js";
import type { FetchRefusal } from "../scheduler/effects.js";
import type { Change } from "../states/change.js";
import type { Explanation } from "../states/explanation.js";
import type { StateTable } from "../states/state-table.js";
import type { FlowRunId, NodeId, WorkId } from "../work/ids.js";
import type { FlowState } from "../work/kinds.js";
import type { Origin } from "../work/task-origin.js";
import type { GraphTree } from "../work/value-tree.js";
import type { Listeners, TaskProgress } from "./run-reports.js";
import type { Capabilities, CloseMode } from "./runner.js";

export type { Change } from "../states/change.js";
export type { Explanation, ReasonCode, StoryCause, StoryLine } from "../states/explanation.js";
export type { GraphChunk } from "../graph/graph-chunk.js";

export interface Executor {
  readonly name: string;
  readonly capabilities: Capabilities;
  /** Starts what it needs; any number of runs at a time. */
  open(request: RunRequest): RunLink;
  /** drain: takes no new run and waits for the open ones. cancel: cancels them. kill: does not wait for their tasks. */
  close(mode?: CloseMode): Promise<void>;
}

export type RunRequest = {
  readonly id: FlowRunId;
  readonly flow: string;
  /** The run's own name. */
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  /** `"held"`: each one as long as its handle is, as `handlesChanged` tells. The graph is then the run's own. */
  readonly keepResults: "all" | "returned" | "held";
  readonly checkValues?: boolean;
  /** Where the flow was made: a task that its own module does not make may be made there. */
  readonly origin?: Origin;
  /** Nodes that decide the flow's state (FLOW-6); undefined: the terminal ones and `returned`. */
  readonly references: Iterable<NodeId> | undefined;
  /** Nodes whose refs the flow's function returned. */
  readonly returned: readonly NodeId[];
  /** Where what its tasks say goes; undefined: records to stderr, as lines. */
  readonly listeners?: Listeners | undefined;
  /** The work in which this run was opened on the same executor: it does not count while the run is open. */
  readonly inside: WorkId | undefined;
};

/** Who waits for a value: told once, maybe inside the call that asks. `refuse`, where it is there: the reason as data, in place of an error. */
export type ValueReader = {
  resolve(value: unknown): void;
  reject(error: unknown): void;
  refuse?(refusal: FetchRefusal): void;
};

export interface RunLink {
  readonly states: StateTable;
  /** The executor has started. Rejects where it cannot. */
  readonly opened: Promise<void>;
  /** Rejects only where the run cannot be driven. */
  readonly done: Promise<FlowState>;
  /** The value of a node without a task, before its chunk is extended. */
  put(node: NodeId, value: unknown): void;
  /** Throws `EXECUTOR_CLOSED` where the executor was closed meanwhile: it takes no more of an open run. */
  extend(chunk: GraphChunk): void;
  /** With `keepResults: "held"`: nodes that have handles, before their chunk is extended, and those that have none left. */
  handlesChanged(keep: readonly NodeId[], forget: readonly NodeId[]): void;
  /**
   * The only way to a value outside user code; `index`: one child of the map that `tree` names. Rejects with
   * `RESULT_MISSING`, `RESULT_RELEASED` or `RUN_CLOSED`.
   */
  fetch(tree: GraphTree, index?: number): Promise<unknown>;
  /** The same for whoever needs no promise. */
  read(tree: GraphTree, index: number | undefined, reader: ValueReader): void;
  /** `only`: these nodes, with all their children; without it the whole run. */
  cancel(reason: string, only?: readonly NodeId[]): void;
  /** How far tasks are that run and said so. */
  progress(): readonly TaskProgress[];
  /** Why a task run is where it is, as whoever drives it knows now. */
  explain(node: NodeId, index?: number): Promise<Explanation>;
  /** Changes are made only while somebody listens. Returns what ends it. */
  onChanges(listener: (changes: readonly Change[]) => void): () => void;
  /** Nodes that are complete, as they become so. */
  onEnds(listener: (nodes: readonly NodeId[]) => void): () => void;
  /** The work, of the same executor, waits for something of this run: its slot does not count until what is returned is called. */
  waitsInside(work: WorkId): () => void;
  /** The run could not be started as a whole: it ends at once. */
  abandon(): void;
  /** Lets go of all that is kept, as soon as nothing of the run is under way. Who still waits for a value gets `RUN_CLOSED`. */
  close(): void;
}
