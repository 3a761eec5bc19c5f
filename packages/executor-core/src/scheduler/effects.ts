// Owns: everything that a scheduler asks for, as one ordered list. The driver carries it out in that order.

import type { Change } from "../states/change.js";
import type { Ask, ValueRange } from "../work/ask.js";
import type { NodeId, WorkId } from "../work/ids.js";
import type { FlowState } from "../work/kinds.js";
import type { FailureData } from "../work/failure-data.js";
import type { WorkBatch } from "../work/work.js";

/** Why a fetch cannot be answered. */
export type FetchRefusal =
  | {
      readonly why: "noValue";
      readonly slug: string;
      readonly state: string;
      readonly failure: FailureData | undefined;
    }
  | { readonly why: "released"; readonly slug: string }
  /** The value is there and cannot be read as asked: a part of null, say. */
  | { readonly why: "failed"; readonly failure: FailureData }
  /** It is nowhere, and cannot be made again. */
  | { readonly why: "lost"; readonly failure: FailureData };

export type Effect =
  | { readonly kind: "dispatch"; readonly batches: WorkBatch[] }
  | { readonly kind: "cancel"; readonly ids: readonly WorkId[]; readonly reason: string }
  /** `fetch`: the driver's number of the fetch that this question answers. */
  | { readonly kind: "ask"; readonly ask: Ask; readonly fetch: number | undefined }
  | { readonly kind: "fetchRefused"; readonly fetch: number; readonly refusal: FetchRefusal }
  | { readonly kind: "release"; readonly values: readonly ValueRange[] }
  | { readonly kind: "changed"; readonly changes: readonly Change[] }
  /** These nodes are complete. */
  | { readonly kind: "ended"; readonly nodes: readonly NodeId[] }
  /** Every task run has ended; fetches are still answered. */
  | { readonly kind: "finished"; readonly state: FlowState }
  /** Finished, no work unanswered, no question open. */
  | { readonly kind: "idle" }
  /** It can make no more progress: what waits for what, at most 10, and how many more have not ended. Nothing follows. */
  | { readonly kind: "stuck"; readonly waits: readonly string[]; readonly more: number }
  /** Always the last one but for `stuck`; replaces the earlier one. Infinity: nothing is waited for. */
  | { readonly kind: "wakeAt"; readonly atMs: number };
