// Owns: what tasks say while they run, as data: log records, what they print, how far they are.
// R1. Reports are never needed for the run to be right: a runner may thin them out, and says how many it left out.
// R2. Those of one attempt come in the order in which they were made, and before its outcome.

import type { FlowRunId, TaskRunId } from "./ids.js";

export type LogLevel = "debug" | "info" | "warn" | "error";

/** Where log records go. `data`: plain data, with what the record is about. */
export interface Logger {
  debug(message: string, data?: object): void;
  info(message: string, data?: object): void;
  warn(message: string, data?: object): void;
  error(message: string, data?: object): void;
}

export type Said =
  | { readonly kind: "log"; readonly level: LogLevel; readonly message: string; readonly data?: object | undefined }
  /** What a task in a thread printed. `bytes`: where it is more than `text` can tell: binary, or pieces of characters. */
  | {
      readonly kind: "output";
      readonly stream: "stdout" | "stderr";
      readonly text: string;
      readonly bytes?: Uint8Array | undefined;
    }
  | { readonly kind: "progress"; readonly done: number; readonly total: number }
  /** So many reports were left out here, because there were too many to take. */
  | { readonly kind: "dropped"; readonly count: number };

/** Whose it is. */
export type Speaker = {
  readonly task: string;
  readonly slug: string;
  /** The child's index in its map. */
  readonly mapIndex: number | undefined;
  readonly runCount: number;
  /** Undefined: it was said when the attempt had ended. */
  readonly taskRun: TaskRunId | undefined;
  readonly attempt: number | undefined;
  /** From 1 on; undefined in the user's process. */
  readonly thread: number | undefined;
};

/** `atMs`: since the epoch, by the clock of whoever said it. */
export type Report = { readonly run: FlowRunId; readonly atMs: number; readonly by: Speaker; readonly said: Said };
