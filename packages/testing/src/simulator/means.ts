// Owns: what a simulated worker has for its works, and what those that run there take of it, counted beside the placement.
// M1. A work begins only where the labels that it needs are, and while there is enough of each resource.

import type { WorkTemplate } from "@millrace/core/seam";

type Needs = NonNullable<WorkTemplate["needs"]>;

export type HasMeans = {
  readonly resources?: Readonly<Record<string, number>>;
  readonly labels?: readonly string[];
};

/** Amounts are millionths at the least: of many, what is lost in a sum is less. */
const NEAR = 1e-6;

export class Means {
  private readonly has: HasMeans;
  private readonly taken = new Map<string, Needs>();

  constructor(has: HasMeans) {
    this.has = has;
  }

  /** M1. Throws. */
  begin(work: string, needs: Needs | undefined): void {
    if (needs === undefined) return;
    const { resources = {}, labels = [] } = this.has;
    const lacking = needs.labels.find((label) => !labels.includes(label));
    if (lacking !== undefined) throw new Error(`${work} begins where there is no ${lacking}`);
    this.taken.set(work, needs);
    for (const name of Object.keys(needs.resources)) {
      let sum = 0;
      for (const other of this.taken.values()) sum += other.resources[name] ?? 0;
      const most = resources[name] ?? 0;
      if (sum > most + NEAR * this.taken.size)
        throw new Error(`${work} begins: of ${name} ${sum} is taken, of ${most}`);
    }
  }

  end(work: string): void {
    this.taken.delete(work);
  }

  clear(): void {
    this.taken.clear();
  }
}
