// Owns: the states of a task run, as names for people and as numbers for columns; states as data.
// Does not own: which change is legal (`states/transitions`).

import type { FailureData } from "./failure-data.js";

/** The numbers that stand in the columns (STATE-1). Never reorder: they are written down. */
export const STATE = {
  Pending: 0,
  Running: 1,
  Retrying: 2,
  Looped: 3,
  Success: 4,
  Mapped: 5,
  Skipped: 6,
  Failed: 7,
  TriggerFailed: 8,
  Cancelled: 9,
  TimedOut: 10,
} as const;
export type StateName = keyof typeof STATE;
export type StateCode = (typeof STATE)[StateName];

/** Ends with a failure to tell. */
export type FailureCode = typeof STATE.Failed | typeof STATE.TriggerFailed | typeof STATE.TimedOut;

/** By their numbers. */
export const STATE_NAMES: readonly StateName[] = [
  "Pending",
  "Running",
  "Retrying",
  "Looped",
  "Success",
  "Mapped",
  "Skipped",
  "Failed",
  "TriggerFailed",
  "Cancelled",
  "TimedOut",
];

const CODES: readonly StateCode[] = Object.values(STATE);

/** What stands in a column, as a state; nothing else is ever written there. */
export const stateCode = (value: number | undefined): StateCode => CODES[value ?? STATE.Pending] ?? STATE.Pending;
export const stateName = (code: number): StateName => STATE_NAMES[code] ?? "Pending";
/** Terminal for the task run; a mapped node's children may still go on. */
export const isTerminal = (code: number): boolean => code >= STATE.Success;
export const isFailure = (code: number): boolean =>
  code === STATE.Failed || code === STATE.TriggerFailed || code === STATE.TimedOut;
/** Success and Mapped; Skipped counts as success for triggers (STATE-3), but has no value. */
export const hasValue = (code: number): boolean => code === STATE.Success || code === STATE.Mapped;

/** How a flow run can end (RUN-4). */
export type FlowState = "Success" | "Failed" | "Cancelled";

/** A task run's end as data. */
export type StateData =
  | { readonly state: "Success" | "Mapped" }
  | { readonly state: "Failed" | "TimedOut" | "TriggerFailed" | "Cancelled"; readonly failure: FailureData }
  | { readonly state: "Skipped"; readonly raised: boolean; readonly reason: string };
