// Owns: the type of what became of an upstream, as a value: the typed way to receive failures and skips.
// Does not own: making such values (`attempt`), marking an edge with it (`settled`).

import type { Ref } from "./ref-types.js";

export type SuccessState = "Success" | "Mapped";
export type FailedState = "Failed" | "TimedOut" | "TriggerFailed" | "Cancelled";
/** How a task run can end. */
export type TaskState = SuccessState | FailedState | "Skipped";

export type Settled<T> =
  | { readonly status: "success"; readonly state: SuccessState; readonly value: T }
  | { readonly status: "failed"; readonly state: FailedState; readonly error: unknown }
  | { readonly status: "skipped"; readonly state: "Skipped"; readonly raised: boolean; readonly reason: string };

/** The ref of a list, or a plain list of refs, of one type or several. */
export type EachOf<T extends readonly unknown[]> = Ref<T> | { readonly [K in keyof T]: Ref<T[K]> };
