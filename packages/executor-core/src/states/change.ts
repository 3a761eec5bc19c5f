// Owns: what is told of a task run: that it changed, and why it is where it is (D13).

import type { NodeId } from "../work/ids.js";
import type { StateCode } from "../work/kinds.js";

/** One task run, or the range of a map's children from `index` on, and the state it went to. */
export type Change = {
  readonly node: NodeId;
  readonly index: number | undefined;
  readonly count: number;
  readonly state: StateCode;
};

export type ReasonCode =
  | "FINISHED"
  | "RUNNING"
  | "CHILDREN_RUNNING"
  | "RETRY_DELAY"
  | "NOT_YET_READ"
  | "UPSTREAM_UNFINISHED"
  | "ANSWER_PENDING"
  | "MAX_CONCURRENCY"
  | "MAX_OPEN_PIPELINES"
  | "NO_FREE_SLOT"
  /** An input was lost and is being made again. */
  | "INPUT_LOST"
  | "CANCELLING";

/** A code, its facts, and a sentence that says what would free the task run. */
export type Explanation = {
  readonly code: ReasonCode;
  readonly sentence: string;
  /** Slugs of the task runs it waits for, `slug[index]` for children; at most 10. */
  readonly waitsFor: readonly string[];
};
