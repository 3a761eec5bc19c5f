// Owns: what a worker has of one run: values, works, questions.

import type { FlowRunId, SentTree, Work, WorkBatch } from "@millrace/core/pure";
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
  readonly reads: readonly number[];
  /** Inputs that are not here yet. */
  readonly wants: Set<number>;
};

export type AskRow = {
  readonly run: FlowRunId;
  readonly id: number;
  readonly tree: SentTree;
  readonly question: SentQuestion;
  readonly reads: readonly number[];
  readonly wants: Set<number>;
};

export class RunAtWorker {
  readonly id: FlowRunId;
  /** Bytes of each value that is here. */
  readonly held = new Map<number, number>();
  /** How many works and questions that are here read a value; it is kept for them, whatever is released. */
  readonly readers = new Map<number, number>();
  /** Released while something that is here reads it. */
  readonly released = new Set<number>();
  readonly works = new Map<number, WorkRow>();
  readonly asks = new Map<number, AskRow>();

  constructor(id: FlowRunId) {
    this.id = id;
  }

  addReader(reads: readonly number[]): void {
    for (const key of reads) this.readers.set(key, (this.readers.get(key) ?? 0) + 1);
  }

  /** Values that were released, and that nothing here reads any more. */
  dropReader(reads: readonly number[]): readonly number[] {
    const free: number[] = [];
    for (const key of reads) {
      const left = (this.readers.get(key) ?? 1) - 1;
      if (left > 0) this.readers.set(key, left);
      else this.readers.delete(key);
      if (left <= 0 && this.released.delete(key)) free.push(key);
    }
    return free;
  }

  get isEmpty(): boolean {
    return this.held.size + this.works.size + this.asks.size === 0;
  }
}
