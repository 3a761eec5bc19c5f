// Owns: the values of one simulated process, as bytes, by exact name: what a task gets is decoded for it alone.

import {
  decodeValue,
  type EncodedValue,
  encodeValue,
  type FlowRunId,
  type RunValues,
  ValueLost,
} from "@millrace/core/seam";
import { bytesOf, nameKey } from "@millrace/distributed/seam";

export class EncodedValues {
  /** Of all that is here. */
  bytes = 0;
  private readonly runs = new Map<FlowRunId, Map<number, EncodedValue>>();

  of(run: FlowRunId): EncodedRunValues {
    let values = this.runs.get(run);
    if (values === undefined) {
      values = new Map();
      this.runs.set(run, values);
    }
    return new EncodedRunValues(values, this);
  }

  dropRun(run: FlowRunId): void {
    for (const value of this.runs.get(run)?.values() ?? []) this.bytes -= bytesOf(value);
    this.runs.delete(run);
  }

  clear(): void {
    this.runs.clear();
    this.bytes = 0;
  }

  /** Names of values that are here, by run. */
  *names(): Generator<readonly [FlowRunId, number]> {
    for (const [run, values] of this.runs) for (const key of values.keys()) yield [run, key];
  }
}

export class EncodedRunValues implements RunValues {
  private readonly values: Map<number, EncodedValue>;
  private readonly all: { bytes: number };

  constructor(values: Map<number, EncodedValue>, all: { bytes: number }) {
    this.values = values;
    this.all = all;
  }

  find(key: number): EncodedValue | undefined {
    return this.values.get(key);
  }

  keep(key: number, value: EncodedValue): void {
    this.drop(key);
    this.values.set(key, value);
    this.all.bytes += bytesOf(value);
  }

  drop(key: number): void {
    this.all.bytes -= this.bytesAt(key);
    this.values.delete(key);
  }

  bytesAt(key: number): number {
    const value = this.values.get(key);
    return value === undefined ? 0 : bytesOf(value);
  }

  get(taskRun: number, attempt: number): unknown {
    const value = this.values.get(nameKey(taskRun, attempt));
    if (value === undefined) throw new ValueLost(taskRun, attempt);
    return decodeValue(value);
  }

  getAll(first: number, count: number, attempt: number): unknown[] {
    return Array.from({ length: count }, (_, i) => this.get(first + i, attempt));
  }

  set(taskRun: number, attempt: number, value: unknown): void {
    this.keep(nameKey(taskRun, attempt), encodeValue(value));
  }

  setAll(first: number, attempt: number, values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; i++) this.set(first + i, attempt, values[i]);
  }

  delete(first: number, count: number, attempt: number): void {
    for (let row = first; row < first + count; row++) this.drop(nameKey(row, attempt));
  }
}
