// Owns: why a task run failed or was skipped, worked out where it is not stored: a million children whose trigger does not
// hold, or that were cancelled together, cost no object each.

import type { FailureData } from "../work/failure-data.js";
import { STATE, type StateData } from "../work/kinds.js";
import type { Trigger } from "../work/policies.js";
import type { SkipReason, StateTable } from "./state-table.js";

/** Who knows the trigger of a node: the flow's graph. */
export interface TriggerSource {
  triggerOf(node: number): Trigger;
}

const PROPAGATED: SkipReason = { raised: false, reason: "an upstream task was skipped" };

/** The failure of a Failed, TimedOut, TriggerFailed or Cancelled row; undefined for any other. */
export function failureOf(table: StateTable, graph: TriggerSource, row: number): FailureData | undefined {
  const state = table.state(row);
  // A map whose children were cancelled says why once, for all of them.
  if (state === STATE.Mapped) return undefined;
  const stored = table.failures.get(row);
  if (stored !== undefined) return stored;
  if (state === STATE.Cancelled) {
    const map = table.mapOfRow(row);
    const ofMap = map === undefined ? undefined : table.failures.get(map.node);
    return ofMap ?? cancelledFailure(table.cancelReason);
  }
  if (state !== STATE.TriggerFailed) return undefined;
  const trigger = triggerText(graph.triggerOf(table.mapOfRow(row)?.node ?? row));
  const message = `its trigger ${trigger} does not hold for the states of its upstream tasks`;
  return { name: "TriggerFailed", code: "TRIGGER_FAILED", message };
}

export const cancelledFailure = (reason: string): FailureData => ({
  name: "Cancelled",
  code: "CANCELLED",
  message: reason,
});

export const skipOf = (table: StateTable, row: number): SkipReason => table.skips.get(row) ?? PROPAGATED;

/** What became of a row that is terminal. */
export function stateDataOf(table: StateTable, graph: TriggerSource, row: number): StateData {
  const state = table.state(row);
  switch (state) {
    case STATE.Success:
      return { state: "Success" };
    case STATE.Mapped:
      return { state: "Mapped" };
    case STATE.Skipped:
      return { state: "Skipped", ...skipOf(table, row) };
    default: {
      const failure = failureOf(table, graph, row) ?? { name: "Unfinished", message: "it has not finished" };
      if (state === STATE.TriggerFailed) return { state: "TriggerFailed", failure };
      if (state === STATE.TimedOut) return { state: "TimedOut", failure };
      return { state: state === STATE.Cancelled ? "Cancelled" : "Failed", failure };
    }
  }
}

function triggerText(trigger: Trigger): string {
  return typeof trigger === "string" ? trigger : JSON.stringify(trigger);
}
