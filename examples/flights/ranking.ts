// Airports by the mean delay of the flights that leave there.
import { type Tally, meanDelay } from "./tally.js";

export type Ranked = { readonly airport: string; readonly flights: number; readonly meanDelay: number };
export type Ranking = {
  readonly airports: number;
  /** Worst first. */
  readonly worst: readonly Ranked[];
  /** Best first. */
  readonly best: readonly Ranked[];
};

export function ranking(tally: Tally, minFlights: number, length: number): Ranking {
  const ranked = Object.entries(tally.byOrigin)
    .filter(([, sum]) => sum.flights >= minFlights)
    .map(([airport, sum]) => ({ airport, flights: sum.flights, meanDelay: meanDelay(sum) }))
    .sort((a, b) => b.meanDelay - a.meanDelay);
  return { airports: ranked.length, worst: ranked.slice(0, length), best: ranked.slice(-length).reverse() };
}
