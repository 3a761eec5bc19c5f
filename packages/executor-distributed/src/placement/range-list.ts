// Owns: making few ranges of many values that come one by one.

import type { ValueRange } from "@millrace/core/pure";

export class RangeList {
  private readonly ranges: ValueRange[] = [];
  private first = 0;
  private count = 0;
  private attempt = 0;

  get empty(): boolean {
    return this.count === 0;
  }

  add(taskRun: number, attempt: number): void {
    if (this.count > 0 && taskRun === this.first + this.count && attempt === this.attempt) {
      this.count++;
      return;
    }
    this.close();
    this.first = taskRun;
    this.count = 1;
    this.attempt = attempt;
  }

  /** All of them; the list is empty then. */
  take(): readonly ValueRange[] {
    this.close();
    this.count = 0;
    return this.ranges.splice(0);
  }

  private close(): void {
    if (this.count > 0) this.ranges.push({ first: this.first, count: this.count, attempt: this.attempt });
  }
}
