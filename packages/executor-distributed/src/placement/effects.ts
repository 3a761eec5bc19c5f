// Owns: everything that the placement asks for, as one ordered list. Who drives it carries it out in that order.

import type { Needs, ValueRange } from "@millrace/core/pure";
import type { PlacedWork, WorkName } from "./events.js";
import type { Lacking } from "./needs.js";

/** The holder without slots that never dies: what was put lies beside the scheduler. */
export const STORE = -1;

/**
 * `holders`: triples of first, count, worker; a value with several holders stands there once for each. Works of one `send` that
 * read the same wide range share the list.
 */
export type InputPlaces = { readonly attempt: number; readonly holders: readonly number[] };

export type SentWork = { readonly run: number; readonly work: PlacedWork; readonly inputs: readonly InputPlaces[] };

export type PlacementEffect =
  /** In the order in which the worker should begin them. */
  | { readonly kind: "send"; readonly worker: number; readonly works: readonly SentWork[] }
  /** The worker ends each as given back, or says that it has begun, or has ended it meanwhile. */
  | { readonly kind: "takeBack"; readonly worker: number; readonly works: readonly WorkName[] }
  /** The worker answers each with an end. */
  | { readonly kind: "cancel"; readonly worker: number; readonly works: readonly WorkName[] }
  /**
   * As far as is known user code never began: no death, no try. `missing`: inputs that nobody holds. `mayHaveBegun`: its worker was
   * lost, and this was to begin there next.
   */
  | {
      readonly kind: "givenBack";
      readonly work: WorkName;
      readonly missing: readonly ValueRange[];
      readonly mayHaveBegun?: boolean;
    }
  /** It had begun on a worker that was lost. */
  | { readonly kind: "died"; readonly work: WorkName; readonly worker: number }
  /** Nobody holds these any more. A hint: works that need them are given back anyway. */
  | { readonly kind: "valuesLost"; readonly run: number; readonly values: readonly ValueRange[] }
  /** Nobody will ask the worker for these again. */
  | { readonly kind: "drop"; readonly worker: number; readonly run: number; readonly values: readonly ValueRange[] }
  /** It was closed, and no worker has a work of it any more. */
  | { readonly kind: "runGone"; readonly run: number }
  /** How many works may be here unanswered, of all runs together. */
  | { readonly kind: "demand"; readonly limit: number }
  /**
   * No worker that is there could ever run this work. Once for each needs and run, with the run's first work of that kind; again
   * when one could, and is gone. `lacking`: as `explain` says it.
   */
  | { readonly kind: "unsatisfiable"; readonly work: WorkName; readonly needs: Needs; readonly lacking: Lacking }
  /** Replaces the earlier one. Infinity: nothing is waited for. */
  | { readonly kind: "wakeAt"; readonly atMs: number };
