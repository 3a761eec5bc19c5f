// Owns: what a recorded task is handed. Prefect gives a body the error of a failed upstream, the signal of one that raised
// it, null for one that was skipped; here such a body is given `Settled` values, and this file turns them into the former.
import type { Settled } from "@millrace/core";
import type { Json } from "./format.js";

/**
 * How an argument comes:
 * - value: as it is
 * - settled: the `Settled` of a task, or of a child of a map
 * - item: the `Settled` of an element of a list that is one value: null where that failed as a whole (PIPE-4)
 * - children: the `Settled` values of a map's children
 * - gathered: what `gather` made of a map, settled: null where the map has no children because it failed or was skipped
 */
export type Arrival = "value" | "settled" | "item" | "children" | "gathered";

/** An error or signal as the format writes it; `total` finds no number in it. */
export const errorMark = (name: string): Json => ({ error: name });

export function unwrap(arrival: Arrival, given: unknown): unknown {
  if (arrival === "value") return given ?? null;
  if (arrival === "children") return Array.isArray(given) ? given.map((item: Settled<unknown>) => whatWas(item)) : null;
  if (!isSettled(given)) throw new TypeError(`an argument that was wired as ${arrival} came as ${typeof given}`);
  if (given.status === "success") return given.value ?? null;
  return arrival === "settled" ? whatWas(given) : null;
}

export function whatWas(settled: Settled<unknown>): unknown {
  switch (settled.status) {
    case "success":
      return settled.value ?? null;
    case "skipped":
      return settled.raised ? errorMark("SKIP") : null;
    case "failed":
      return settled.state === "TriggerFailed" ? errorMark("TRIGGERFAIL") : markOf(settled.error);
  }
}

/** A failure that nobody threw, such as that of a map with nothing to map, has no result in Prefect. */
function markOf(error: unknown): Json {
  if (!(error instanceof Error)) return errorMark("unknown");
  if (!("code" in error)) return errorMark(error.name);
  return error.code === "TASK_FAILED" ? errorMark("FAIL") : null;
}

function isSettled(value: unknown): value is Settled<unknown> {
  return typeof value === "object" && value !== null && "status" in value;
}
