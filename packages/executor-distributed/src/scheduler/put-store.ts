// Owns: what was put from outside, as bytes that nobody here reads, until its name is released or its run is over. To the
// placement it is a holder without slots that never dies.

import type { EncodedValue, FlowRunId, ValueRange } from "@millrace/core/pure";

export const bytesOf = ({ bytes, beside }: EncodedValue): number =>
  beside.reduce((sum, buffer) => sum + buffer.byteLength, bytes.length);

export class PutStore {
  private readonly runs = new Map<FlowRunId, Map<number, EncodedValue>>();

  put(run: FlowRunId, taskRun: number, value: EncodedValue): void {
    let values = this.runs.get(run);
    if (values === undefined) {
      values = new Map();
      this.runs.set(run, values);
    }
    values.set(taskRun, value);
  }

  /** Runs of which something was put. */
  get size(): number {
    return this.runs.size;
  }

  get(run: FlowRunId, taskRun: number): EncodedValue | undefined {
    return this.runs.get(run)?.get(taskRun);
  }

  release(run: FlowRunId, values: readonly ValueRange[]): void {
    const kept = this.runs.get(run);
    for (const { first, count, attempt } of values)
      for (let row = first; attempt === 0 && row < first + count; row++) kept?.delete(row);
  }

  drop(run: FlowRunId): void {
    this.runs.delete(run);
  }
}
