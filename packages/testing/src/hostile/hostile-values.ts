// Owns: the values of one run on the hostile executor, by exact name: what was lost, and what only a zombie stored.
// H1. A name that was neither lost nor never made is there: whoever misses it was told to let it go too early.
// H2. What a zombie stored is poison: a name that nobody uses.

import type { RunValues, ValueRange } from "@millrace/core/seam";
import type { SeededRandom } from "../seeded-random.js";

const nameOf = (taskRun: number, attempt: number): string => `${taskRun}/${attempt}`;

export class HostileValues implements RunValues {
  /** What ought not to have happened. */
  readonly faults: string[] = [];
  /** Of every task run the last value that it gave: for tests that look at what is let go. */
  readonly ever = new Map<number, unknown>();
  private readonly held = new Map<string, unknown>();
  private readonly lost = new Set<string>();
  private readonly poison = new Set<string>();

  set(taskRun: number, attempt: number, value: unknown): void {
    this.held.set(nameOf(taskRun, attempt), value);
    this.ever.set(taskRun, value);
  }

  setAll(first: number, attempt: number, values: ArrayLike<unknown>): void {
    for (let i = 0; i < values.length; i++) this.set(first + i, attempt, values[i]);
  }

  get(taskRun: number, attempt: number): unknown {
    const name = nameOf(taskRun, attempt);
    if (this.poison.has(name)) this.faults.push(`${name} was stored by a zombie, and is read`);
    if (!this.held.has(name)) this.faults.push(`${name} is read and not there`);
    return this.held.get(name);
  }

  getAll(first: number, count: number, attempt: number): unknown[] {
    return Array.from({ length: count }, (_, i) => this.get(first + i, attempt));
  }

  delete(first: number, count: number, attempt: number): void {
    for (let row = first; row < first + count; row++) this.held.delete(nameOf(row, attempt));
  }

  /** Of these the ones that are not there. `isLate`: nobody waits for them any more. */
  missing(reads: readonly ValueRange[], isLate = false): readonly ValueRange[] {
    const missing: ValueRange[] = [];
    for (const { first, count, attempt } of reads) {
      for (let row = first; row < first + count; row++) {
        const name = nameOf(row, attempt);
        if (this.held.has(name) && !this.poison.has(name)) continue;
        if (!isLate && !this.lost.has(name)) this.faults.push(`${name} is asked for, and was let go or never made`);
        missing.push({ first: row, count: 1, attempt });
      }
    }
    return missing;
  }

  /** The attempt has died for its scheduler; what it makes all the same is poison. */
  poisoned(taskRun: number, attempt: number): void {
    this.poison.add(nameOf(taskRun, attempt));
  }

  lose(taskRun: number, attempt: number): void {
    const name = nameOf(taskRun, attempt);
    this.held.delete(name);
    this.lost.add(name);
  }

  /** Any value that was not put from outside. */
  loseAny(random: SeededRandom): ValueRange | undefined {
    const names = [...this.held.keys()].filter((name) => !name.endsWith("/0"));
    const name = names[random.below(names.length)];
    if (name === undefined) return undefined;
    const [first = 0, attempt = 0] = name.split("/").map(Number);
    this.lose(first, attempt);
    return { first, count: 1, attempt };
  }

  /** Task runs whose values are still there. */
  left(): readonly number[] {
    return [...this.held.keys()]
      .filter((name) => !name.endsWith("/0") && !this.poison.has(name))
      .map((name) => Number(name.slice(0, name.indexOf("/"))));
  }
}
