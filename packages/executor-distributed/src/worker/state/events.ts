// Owns: everything that can happen to a worker, as plain data; `handle` takes nothing else.

import type { FlowRunId, OutcomeEnd, SentTree, ValueRange, WorkBatch } from "@millrace/core/pure";
import type { SentQuestion } from "../../protocol/message-fields.js";
import type { Holding } from "../../protocol/ranges.js";

export type WorkAt = { readonly run: FlowRunId; readonly taskRun: number; readonly attempt: number };

/** From the scheduler. */
export type OrderEvent =
  /** In the order in which they should begin. `holders`: who has what they read. */
  | { readonly kind: "works"; readonly batch: WorkBatch; readonly holders: readonly Holding[] }
  | { readonly kind: "cancelWorks"; readonly works: readonly WorkAt[]; readonly reason: string }
  /** Those that have not begun come back; of the others it is said that they have. */
  | { readonly kind: "takeBack"; readonly works: readonly WorkAt[] }
  | { readonly kind: "release"; readonly run: FlowRunId; readonly values: readonly ValueRange[] }
  | {
      readonly kind: "ask";
      readonly run: FlowRunId;
      readonly id: number;
      readonly tree: SentTree;
      readonly question: SentQuestion;
      readonly holders: readonly Holding[];
    }
  /** The run is over. */
  | { readonly kind: "drop"; readonly run: FlowRunId }
  | { readonly kind: "peerGone"; readonly worker: number }
  /** Nothing new; what has begun goes on. */
  | { readonly kind: "drain" }
  /** The scheduler knows nothing of what was: nothing of it is told, nothing kept. */
  | { readonly kind: "forget" };

/** From what runs user code, and from peers. */
export type OwnEvent =
  | {
      readonly kind: "ended";
      readonly work: WorkAt;
      readonly result: OutcomeEnd;
      /** Of the value, where there is one. */
      readonly bytes: number;
      readonly startedAtMs: number;
      readonly durationMs: number;
    }
  /** Whole, and what they were said to be. */
  | {
      readonly kind: "fetched";
      readonly run: FlowRunId;
      readonly request: number;
      readonly values: readonly FetchedValue[];
    }
  /** A part of a value. */
  | { readonly kind: "progress"; readonly request: number; readonly bytes: number }
  /** Nothing more comes of it. `missing`: what the peer said that it has not. */
  | { readonly kind: "fetchEnded"; readonly request: number; readonly missing: readonly ValueRange[] }
  /** Of all that it holds. */
  | { readonly kind: "memory"; readonly bytes: number }
  | { readonly kind: "woke" };

export type FetchedValue = { readonly taskRun: number; readonly attempt: number; readonly bytes: number };

export type WorkerEvent = OrderEvent | OwnEvent;
