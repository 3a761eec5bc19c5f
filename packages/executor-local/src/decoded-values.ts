// Owns: held values as user code would see them, for who fetches one or asks about it.

import type { ValuesToRead } from "@millrace/core/seam";
import { valueOf } from "./held.js";
import { asHeld, storedAt } from "./named-values.js";

export class DecodedValues implements ValuesToRead {
  private readonly held: ValuesToRead;

  constructor(held: ValuesToRead) {
    this.held = held;
  }

  /** A copy each time. Throws `VALUE_LOST`, and what decoding throws. */
  get(taskRun: number, attempt: number): unknown {
    return valueOf(storedAt(this.held, taskRun, attempt), false);
  }

  getAll(first: number, count: number, attempt: number): unknown[] {
    return this.held.getAll(first, count, attempt).map((held) => valueOf(asHeld(held), false));
  }
}
