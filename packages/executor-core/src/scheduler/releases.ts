// Owns: the values that one event lets go, gathered into ranges.

import type { ValueRange } from "../work/ask.js";

export class Releases {
  private ranges: { first: number; count: number; attempt: number }[] = [];

  add(row: number, attempt: number): void {
    const last = this.ranges[this.ranges.length - 1];
    if (last !== undefined && last.attempt === attempt && last.first + last.count === row) last.count++;
    else this.ranges.push({ first: row, count: 1, attempt });
  }

  get empty(): boolean {
    return this.ranges.length === 0;
  }

  take(): readonly ValueRange[] {
    const taken = this.ranges;
    this.ranges = [];
    return taken;
  }
}
