// Owns: everything that can happen to the placement, as plain data; `handle` takes nothing else.
// E1. What a worker says carries the epoch of its session; what an earlier session says changes nothing.
// E2. A run and a worker are numbers here: who names them otherwise keeps the list.

import type { Needs, ValueRange } from "@millrace/core/pure";

/** One sending of a task run. */
export type WorkName = { readonly run: number; readonly taskRun: number; readonly attempt: number };

/** A work as far as placing it goes. */
export type PlacedWork = {
  readonly taskRun: number;
  readonly attempt: number;
  /** By which durations are learned. */
  readonly task: string;
  readonly needs?: Needs | undefined;
  /** It is to run once at most: where it may have begun it has (RETRY-8, `rerun: "never"`). */
  readonly isOnce?: boolean | undefined;
  /** The user's: higher goes first. 0 where nothing was said. */
  readonly priority?: number | undefined;
  readonly inputs: readonly ValueRange[];
};

/** `givenBack`: user code never began there. Only `value` teaches how long a task takes, and makes a value. */
export type WorkEnd = WorkName & {
  readonly end: "value" | "noValue" | "givenBack";
  readonly valueBytes: number;
  readonly durationMs: number;
};

type FromWorker = { readonly worker: number; readonly epoch: number };

export type WorkerEvent =
  /** An epoch that is not higher than the one that is there is an old message. */
  | (FromWorker & {
      readonly kind: "workerJoined";
      readonly slots: number;
      readonly resources: Readonly<Record<string, number>>;
      readonly labels: readonly string[];
    })
  /** All that it held is gone. */
  | (FromWorker & { readonly kind: "workerLost" })
  /** It takes nothing new; what has begun goes on. */
  | (FromWorker & { readonly kind: "workerRetiring" })
  /** For want of memory: nothing new until it resumes. */
  | (FromWorker & { readonly kind: "workerPaused" })
  | (FromWorker & { readonly kind: "workerResumed" })
  | (FromWorker & { readonly kind: "began"; readonly works: readonly WorkName[] })
  | (FromWorker & { readonly kind: "ended"; readonly works: readonly WorkEnd[] })
  /** It fetched them from a peer. */
  | (FromWorker & { readonly kind: "valuesAdded"; readonly run: number; readonly values: readonly ValueRange[] })
  /** It has them no more, and was not told to drop them. */
  | (FromWorker & { readonly kind: "valuesDropped"; readonly run: number; readonly values: readonly ValueRange[] });

export type RunEvent =
  /** Runs of one priority are served in the order in which they were opened, where nothing else decides. */
  | { readonly kind: "runOpened"; readonly run: number }
  | { readonly kind: "runClosed"; readonly run: number }
  | { readonly kind: "worksArrived"; readonly run: number; readonly works: readonly PlacedWork[] }
  | { readonly kind: "worksCancelled"; readonly works: readonly WorkName[] }
  | { readonly kind: "valuesReleased"; readonly run: number; readonly values: readonly ValueRange[] }
  /** Attempt 0, kept by the store beside the scheduler. */
  | { readonly kind: "put"; readonly run: number; readonly taskRun: number; readonly bytes: number };

export type PlacementEvent =
  | WorkerEvent
  | RunEvent
  /** Between workers: how fast they are is learned from it. */
  | { readonly kind: "transferred"; readonly bytes: number; readonly ms: number }
  /** The time that `wakeAt` named has come. */
  | { readonly kind: "woke" };
