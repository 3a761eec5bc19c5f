// Owns: what the seam over placement needs of the process around it.

import type { Ask, FlowRunId, Report } from "@millrace/core/pure";
import type { FromWorker, ToWorker } from "../protocol/messages.js";
import type { Holding } from "../protocol/ranges.js";

/** Who carries messages, and who follows recipes for values. */
export interface ClusterLinks {
  send(worker: number, messages: readonly ToWorker[]): void;
  /** A value is to be fetched from these and read; the answer goes to `answered`. */
  follow(ask: Ask, holders: readonly Holding[]): void;
  /** What tasks of a run said; undecoded. */
  reports(run: FlowRunId, reports: unknown): void;
  /** No worker that is there could ever run a task: a log record of that task, once for each needs and run. */
  warn(record: Report): void;
}

export type Joined = Extract<FromWorker, { readonly kind: "joined" }>;
export type FromWorkerOf<K extends FromWorker["kind"]> = Extract<FromWorker, { readonly kind: K }>;
