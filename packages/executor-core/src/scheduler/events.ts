// Owns: everything that can happen to a run, as plain data; `handle` takes nothing else.
// Durable events change what a run is, and replaying them in order gives the same state; ephemeral ones only open or
// close the view on it, or say when something may happen.

import type { GraphChunk } from "../graph/graph-chunk.js";
import type { Answer, ValueRange } from "../work/ask.js";
import type { NodeId } from "../work/ids.js";
import type { OutcomeBatch } from "../work/outcome.js";
import type { ValueMeta } from "../work/value-meta.js";
import type { GraphTree } from "../work/value-tree.js";
import type { RunFacts } from "../work/work.js";

/** What the scheduler hears of an answer: a fetched value stays with the driver. */
export type AnswerFacts =
  | Exclude<Answer, { kind: "fetched" }>
  | { readonly id: Answer["id"]; readonly kind: "fetched" };

export type DurableEvent =
  /**
   * First of all. `references`: undefined means the terminal nodes and the returned ones (FLOW-6). `ownsGraph`: nobody
   * else reads the graph, and what is over and held by nobody goes from it. `canLose`: values may be lost, and how to make
   * them again is kept as long as one can be asked for.
   */
  | {
      readonly kind: "started";
      readonly run: RunFacts;
      readonly references: Iterable<NodeId> | undefined;
      readonly ownsGraph: boolean;
      readonly canLose: boolean;
    }
  /** Values that were put for nodes of a chunk that comes later. */
  | { readonly kind: "put"; readonly node: NodeId; readonly meta: ValueMeta }
  | { readonly kind: "graphExtended"; readonly chunk: GraphChunk }
  /** `keep`: nodes whose values outlive their last use, before their chunk comes; until they stand in `forget`. */
  | {
      readonly kind: "handlesChanged";
      readonly keep: "all" | readonly NodeId[];
      readonly forget: readonly NodeId[];
    }
  | { readonly kind: "outcomes"; readonly batches: readonly OutcomeBatch[] }
  | { readonly kind: "answers"; readonly answers: readonly AnswerFacts[] }
  /** A hint: these values are gone. It may come late, twice or never (`given-back`). */
  | { readonly kind: "valuesLost"; readonly values: readonly ValueRange[] }
  /** `only`: these nodes, and the children of those that are mapped; undefined: the whole run. */
  | {
      readonly kind: "cancelAsked";
      readonly reason: string;
      readonly only: readonly NodeId[] | undefined;
    };

export type EphemeralEvent =
  /** How many works may be unanswered at a time. */
  | { readonly kind: "demand"; readonly limit: number }
  /** The time that `wakeAt` named has come. */
  | { readonly kind: "woke" }
  /** `fetch` is the driver's own number; `index`: of one child of the map that `tree` names. */
  | {
      readonly kind: "fetchAsked";
      readonly fetch: number;
      readonly tree: GraphTree;
      readonly index: number | undefined;
    }
  /** Changes, and ends of nodes, are told only while somebody listens. */
  | { readonly kind: "listening"; readonly to: "changes" | "ends"; readonly on: boolean };

export type SchedulerEvent = DurableEvent | EphemeralEvent;
