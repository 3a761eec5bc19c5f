// Owns: what the process and its threads tell each other, as data for structured clone.
// W1. A batch has works of one template; facts and template are sent to a thread once.
// W2. Outcomes stand in the order of the batch's positions: early ones come by the thread's own port, the rest as the
//     batch's result. The port is read first.
// W3. No view of a larger buffer is ever sent: the clone would copy all of it.

import type { MessagePort } from "node:worker_threads";
import type { TaskPlace } from "@millrace/code";
import type { OutcomeEnd, RetryPolicy, Said } from "@millrace/core/seam";
import type { Held, Packed, Primitive } from "./held.js";

/** Bits of a claim cell. */
export const CELL = {
  /** The thread has begun it. */
  claimed: 1,
  /** The process has taken it back: the thread passes it over. */
  taken: 2,
  /** It is asked to stop. */
  asked: 4,
  /** The user's code is through with it. */
  ended: 8,
  /** Of the first position: the task's code is there. */
  loaded: 16,
} as const;
/** Works of the largest batch. */
export const BATCH_MAX = 4096;

/** What a thread says at a time; longer output goes in pieces. */
export const SAID_MAX = 64 * 1024;

export type Open = {
  readonly kind: "open";
  readonly port: MessagePort;
  /** `BATCH_MAX` cells and the position of the work that runs. */
  readonly cells: SharedArrayBuffer;
  /** When the work that runs began, in ms since the epoch. */
  readonly beganAt: SharedArrayBuffer;
  /** How much of what the thread said was taken, in characters and for good: it counts round. */
  readonly taken: SharedArrayBuffer;
};

/** A run, told to a thread once. Parameters that cannot travel throw when a task reads them. */
export type FactsMessage = {
  readonly id: string;
  readonly flow: string;
  readonly name: string;
  readonly parameters: readonly (readonly [name: string, value: Held | { readonly refused: string }])[];
};

/** A template, told to a thread once. */
export type TemplateMessage = {
  readonly name: string;
  readonly tags: readonly string[];
  readonly slugPrefix: string;
  readonly retry: RetryPolicy;
  readonly place: TaskPlace;
};

/** One argument of all works of a batch, by position. */
export type Column =
  | { readonly kind: "plain"; readonly values: readonly Primitive[] }
  | { readonly kind: "packed"; readonly values: readonly Packed[] }
  /** A list in parts: one part a position. */
  | { readonly kind: "parts"; readonly list: Packed }
  | { readonly kind: "same"; readonly value: Held }
  /** The element at the work's index. */
  | { readonly kind: "elementOf"; readonly value: Held }
  /** Encoded trees over `named`; one tree for all, or one a position. */
  | { readonly kind: "trees"; readonly trees: readonly Packed[] };

/** Values that trees name: task runs from `first` on, each with the attempt that made it. */
export type NamedRange = {
  readonly first: number;
  readonly attempts: number | readonly number[];
  /** Numbers alone travel as one piece of memory. */
  readonly values: readonly Held[] | Float64Array;
};

export type Tries = readonly [runCount: number, loopCount: number, loopValue: Held];

export type BatchMessage = {
  readonly kind: "batch";
  readonly batch: number;
  readonly run: number;
  readonly facts: FactsMessage | undefined;
  readonly template: number;
  readonly made: TemplateMessage | undefined;
  readonly count: number;
  /** Of the first work, the others follow; -1: no children of a map. */
  readonly index: number | readonly number[];
  readonly slugs: string | number | readonly (string | number)[];
  /** By position, where not the first of the first iteration. */
  readonly tries: ReadonlyMap<number, Tries> | undefined;
  readonly columns: readonly Column[];
  readonly named: readonly NamedRange[];
  /** Every outcome is told before the next work begins. */
  readonly careful: boolean;
  /** Runs that have ended. */
  readonly forget: readonly number[];
};

export type ToThread = Open | BatchMessage;

/** How a work ended: its value, another end, or not begun because it was taken back. */
export type End = Held | { readonly end: OutcomeEnd | "taken" };

export type OutcomesMessage = {
  readonly kind: "outcomes";
  readonly batch: number;
  readonly from: number;
  readonly startedAtMs: number;
  readonly durationsMs: Float32Array;
  /** Numbers alone travel as one piece of memory. */
  readonly ends: readonly End[] | Float64Array;
};

/** `position`: -1: the attempt had ended. `size`: what it counts for `taken`. */
export type SaidMessage = {
  readonly kind: "said";
  readonly run: number;
  readonly batch: number;
  readonly position: number;
  readonly slug: string;
  readonly task: string;
  readonly mapIndex: number | undefined;
  readonly runCount: number;
  readonly atMs: number;
  readonly said: Said;
  readonly size: number;
};

/** What comes by the thread's own port. */
export type FromThread =
  | OutcomesMessage
  | SaidMessage
  /** The thread is about to end because the code of this work says so; -1: what an earlier work left behind. */
  | { readonly kind: "exiting"; readonly batch: number; readonly position: number; readonly how: string }
  /** What a work that has ended left behind threw. */
  | { readonly kind: "late"; readonly slug: string; readonly message: string };

/** What concerns the thread itself. */
export type ThreadNews = Exclude<FromThread, OutcomesMessage | SaidMessage>;

export type ToPort = {
  readonly kind: "cancel";
  readonly batch: number;
  readonly position: number;
  readonly reason: string;
};
