// Owns: held values as user code would see them, for who fetches one or asks about it.

import type { RunValues } from "@millrace/core/seam";
import { storedAt } from "./named-values.js";
import { valueOf } from "./held.js";

export class DecodedValues implements RunValues {
  private readonly held: RunValues;

  constructor(held: RunValues) {
    this.held = held;
  }

  set(taskRun: number, attempt: number, value: unknown): void {
    this.held.set(taskRun, attempt, value);
  }

  /** A copy each time. Throws `VALUE_LOST`, and what decoding throws. */
  get(taskRun: number, attempt: number): unknown {
    return valueOf(storedAt(this.held, taskRun, attempt), false);
  }

  delete(first: number, count: number, attempt: number): void {
    this.held.delete(first, count, attempt);
  }
}
