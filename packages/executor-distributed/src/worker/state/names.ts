// Owns: one number for a task run and an attempt: what names a work, and the value that it makes.

import type { ValueRange } from "@millrace/core/pure";

/** Attempts that fit below a task run in one safe integer. */
const ATTEMPTS = 2 ** 22;

export const nameKey = (taskRun: number, attempt: number): number => taskRun * ATTEMPTS + attempt;
export const rangeOfKey = (key: number): ValueRange => ({
  first: Math.floor(key / ATTEMPTS),
  count: 1,
  attempt: key % ATTEMPTS,
});

export function* keysOf(values: readonly ValueRange[]): Generator<number> {
  for (const { first, count, attempt } of values)
    for (let taskRun = first; taskRun < first + count; taskRun++) yield nameKey(taskRun, attempt);
}
