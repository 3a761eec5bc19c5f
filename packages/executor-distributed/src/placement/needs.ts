// Owns: what a work needs of a worker, as whole numbers: sums of parts are exact, so nothing is lost or gained over time.

import { AMOUNT_MAX, InternalError, type Needs } from "@millrace/core/pure";

export const NO_NEEDS: Needs = { resources: {}, labels: [] };

/** Resources by name in millionths. */
export type Amounts = ReadonlyMap<string, number>;

const PARTS = 1_000_000;

/** What of needs no worker has, or has enough of. */
export type Lacking = Pick<Needs, "resources" | "labels">;

/**
 * Rounded down, so that six sixths are no more than a whole; but an amount that is not 0 never becomes 0. What a decimal
 * fraction lacks as a float is made up for.
 */
export function amountsOf(resources: Readonly<Record<string, number>>): Amounts {
  const amounts = new Map<string, number>();
  for (const [name, amount] of Object.entries(resources)) {
    if (!(amount >= 0 && amount <= AMOUNT_MAX)) throw new InternalError(`an amount of ${name} is ${amount}`);
    if (amount > 0) amounts.set(name, Math.max(1, Math.floor(amount * PARTS + 1e-3)));
  }
  return amounts;
}

/** As users write it. */
export const amountOf = (parts: number): number => parts / PARTS;

/** The same text for the same needs, in whatever order they were written. */
export function needsKey({ resources, labels }: Needs): string {
  const names = Object.keys(resources).sort();
  if (names.length === 0 && labels.length === 0) return "";
  return JSON.stringify([names.map((name) => [name, resources[name]]), [...new Set(labels)].sort()]);
}

export function fits(needed: Amounts, free: Amounts): boolean {
  for (const [name, amount] of needed) if (amount > (free.get(name) ?? 0)) return false;
  return true;
}
