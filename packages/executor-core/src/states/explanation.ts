// Owns: why a task run is where it is (D13), as data: a code, a sentence, whom it waits for, and what it went through.
// Does not own: finding it out (`scheduler/explain`, and a runner's own `explain`), the ring (`story`).

import type { StateName } from "../work/kinds.js";

/** All codes there are. Their order is that of the wire: new ones stand at the end. */
export const REASON_CODES = [
  "FINISHED",
  "RUNNING",
  "CHILDREN_RUNNING",
  "RETRY_DELAY",
  "NOT_YET_READ",
  "UPSTREAM_UNFINISHED",
  "ANSWER_PENDING",
  "MAX_CONCURRENCY",
  "MAX_OPEN_PIPELINES",
  "NO_FREE_SLOT",
  /** An input was lost and is being made again. */
  "INPUT_LOST",
  "CANCELLING",
  "EXECUTOR_STARTING",
  "NO_WORKER",
  /** Workers are there, and none could ever run it. */
  "NO_WORKER_EVER",
  "WORKERS_PAUSED",
  "WORKERS_RETIRING",
  "RESOURCES_IN_USE",
  "INPUT_ON_ITS_WAY",
  /** It is at a worker, and has not begun there. */
  "SENT",
  "TAKEN_BACK",
] as const;
export type ReasonCode = (typeof REASON_CODES)[number];

/** What a runner may say of a work that it was given, or of one that it does not take. */
export type RunnerReasonCode = Extract<
  ReasonCode,
  | "RUNNING"
  | "NO_FREE_SLOT"
  | "NO_WORKER"
  | "NO_WORKER_EVER"
  | "WORKERS_PAUSED"
  | "WORKERS_RETIRING"
  | "RESOURCES_IN_USE"
  | "INPUT_ON_ITS_WAY"
  | "SENT"
  | "TAKEN_BACK"
>;

/** `sentence`: goes on behind the task run's name. */
export type RunnerReason = {
  readonly code: RunnerReasonCode;
  readonly sentence: string;
  /** Slugs of task runs; at most 10. */
  readonly waitsFor: readonly string[];
};

/** Why a task run went from one state to another, or was sent again without a change of its state. */
export const STORY_CAUSES = [
  "sent",
  "value",
  /** Structure: it runs no user code. */
  "structure",
  "expanded",
  "skip",
  "loop",
  "failed",
  "retry",
  "timedOut",
  /** What ran it died. */
  "died",
  "givenBack",
  "inputLost",
  /** Its upstream decided it. */
  "upstream",
  "cancelled",
  /** Its value was lost and is made again. */
  "remade",
] as const;
export type StoryCause = (typeof STORY_CAUSES)[number];

export type StoryLine = {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  readonly from: StateName;
  /** The same as `from` where it was no transition. */
  readonly to: StateName;
  readonly cause: StoryCause;
  /** The attempt that was sent last; 0: none was. */
  readonly attempt: number;
};

/** A code, its facts, and a sentence that says what would free the task run. */
export type Explanation = {
  readonly code: ReasonCode;
  readonly sentence: string;
  /** Slugs of the task runs it waits for, `slug[index]` for children; at most 10. */
  readonly waitsFor: readonly string[];
  /** Oldest first; of a large run the usual steps are left out. */
  readonly story: readonly StoryLine[];
};
