// Owns: values by exact name, in one map: what was released, what is left, and copies for tests that read what is gone.

import type { RunValues } from "@millrace/core/internal";

export class NamedValues implements RunValues {
  readonly held = new Map<string, unknown>();
  /** Every value that was ever set, by row: the last one. */
  readonly ever = new Map<number, unknown>();

  set(taskRun: number, attempt: number, value: unknown): void {
    this.held.set(`${taskRun}/${attempt}`, value);
    this.ever.set(taskRun, value);
  }

  setAll(first: number, attempt: number, values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; i++) this.set(first + i, attempt, values[i]);
  }

  getAll(first: number, count: number, attempt: number): unknown[] {
    return Array.from({ length: count }, (_, i) => this.get(first + i, attempt));
  }

  get(taskRun: number, attempt: number): unknown {
    const name = `${taskRun}/${attempt}`;
    if (!this.held.has(name)) throw new Error(`the value ${name} is read and not there`);
    return this.held.get(name);
  }

  delete(first: number, count: number, attempt: number): void {
    for (let row = first; row < first + count; row++) this.held.delete(`${row}/${attempt}`);
  }
}
