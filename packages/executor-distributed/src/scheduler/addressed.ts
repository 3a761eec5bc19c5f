// Owns: holders by their place among addresses, for whoever is not told of workers by number.

import type { Holding } from "../protocol/ranges.js";

export type Addressed = { readonly addresses: readonly string[]; readonly counted: readonly Holding[] };

/** `addressOf`: of a worker as the wire has it; the store's is empty. */
export function addressed(holders: readonly Holding[], addressOf: (worker: number) => string): Addressed {
  const places = new Map<number, number>();
  const addresses: string[] = [];
  const counted = holders.map((holding) => {
    let worker = places.get(holding.worker);
    if (worker === undefined) {
      worker = addresses.length;
      places.set(holding.worker, worker);
      addresses.push(addressOf(holding.worker));
    }
    return { ...holding, worker };
  });
  return { addresses, counted };
}
