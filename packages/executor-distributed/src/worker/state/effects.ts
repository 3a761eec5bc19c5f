// Owns: everything that a worker's state asks for, as one ordered list.

import type { FlowRunId, Outcome, ValueRange, WorkBatch } from "@millrace/core/pure";
import type { MemoryLevel } from "./memory-ladder.js";
import type { WorkAt } from "./events.js";

export type WorkerEffect =
  /** User code begins. `i`: which of the batch. */
  | { readonly kind: "run"; readonly batch: WorkBatch; readonly i: number }
  | { readonly kind: "cancelRun"; readonly work: WorkAt; readonly reason: string }
  /** Asks a peer for values; `worker`: by its number. */
  | {
      readonly kind: "fetch";
      readonly request: number;
      readonly worker: number;
      readonly run: FlowRunId;
      readonly values: readonly ValueRange[];
    }
  | { readonly kind: "unfetch"; readonly request: number }
  /** All that it reads is here: work it out and tell the scheduler. */
  | { readonly kind: "answer"; readonly run: FlowRunId; readonly id: number }
  | {
      readonly kind: "answerMissing";
      readonly run: FlowRunId;
      readonly id: number;
      readonly missing: readonly ValueRange[];
    }
  | { readonly kind: "tellBegan"; readonly work: WorkAt }
  | { readonly kind: "tellOutcome"; readonly run: FlowRunId; readonly outcome: Outcome; readonly bytes: number }
  | {
      readonly kind: "tellGivenBack";
      readonly work: WorkAt;
      readonly because: "taken" | "missing" | "leaving";
      readonly missing: readonly ValueRange[];
    }
  | {
      readonly kind: "tellAdded";
      readonly run: FlowRunId;
      readonly values: readonly ValueRange[];
      readonly bytes: number;
      readonly tookMs: number;
    }
  | { readonly kind: "tellLevel"; readonly level: MemoryLevel }
  /** These are let go. */
  | { readonly kind: "dropValues"; readonly run: FlowRunId; readonly values: readonly ValueRange[] }
  | { readonly kind: "dropRun"; readonly run: FlowRunId }
  /** So many bytes of what was used least are to go to disk. */
  | { readonly kind: "spill"; readonly bytes: number }
  | { readonly kind: "wakeAt"; readonly atMs: number };
