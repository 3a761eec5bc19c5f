// Owns: what a worker has of one run: values, works, questions.

import type { FlowRunId, SentTree, ValueRange, Work, WorkBatch } from "@millrace/core/pure";
import type { SentQuestion } from "../../protocol/message-fields.js";

/** `fetching`: inputs are on their way; `ready`: it could begin; `running`: user code has it. */
export type WorkState = "fetching" | "ready" | "running";

export type WorkRow = {
  readonly run: FlowRunId;
  readonly key: number;
  readonly batch: WorkBatch;
  readonly i: number;
  readonly work: Work;
  /** When it came: what came first begins first. */
  readonly order: number;
  state: WorkState;
  /** Inputs that are not here yet. */
  readonly wants: Set<number>;
};

export type AskRow = {
  readonly run: FlowRunId;
  readonly id: number;
  readonly tree: SentTree;
  readonly question: SentQuestion;
  readonly wants: Set<number>;
};

export class RunAtWorker {
  readonly id: FlowRunId;
  /** Bytes of each value that is here. */
  readonly held = new Map<number, number>();
  readonly works = new Map<number, WorkRow>();
  readonly asks = new Map<number, AskRow>();

  constructor(id: FlowRunId) {
    this.id = id;
  }

  get isEmpty(): boolean {
    return this.held.size + this.works.size + this.asks.size === 0;
  }
}

/** Who holds a value, of what was told with a work. */
export function holdersOf(
  key: number,
  holders: readonly (ValueRange & { readonly worker: number })[],
  keyOf: KeyOf,
): number[] {
  const found: number[] = [];
  for (const { first, count, attempt, worker } of holders) {
    const least = keyOf(first, attempt);
    const step = keyOf(1, 0);
    const at = (key - least) / step;
    if (Number.isInteger(at) && at >= 0 && at < count) found.push(worker);
  }
  return found;
}
type KeyOf = (taskRun: number, attempt: number) => number;
