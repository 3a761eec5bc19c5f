// Sums of delays. Tallies of parts add up to the tally of the whole.
import type { Flights } from "./flight-data.js";

export type Sum = { readonly flights: number; readonly minutes: number };
export type Tally = {
  readonly rows: number;
  readonly byOrigin: Readonly<Record<string, Sum>>;
  /** By the hour of departure, 0 to 23. */
  readonly byHour: Readonly<Record<number, Sum>>;
  /** By distance, in steps of 500 miles: 0 is below 500. */
  readonly byDistance: Readonly<Record<number, Sum>>;
};

export const milesAStep = 500;

export const meanDelay = ({ flights, minutes }: Sum): number => minutes / flights;

export function tallyOf({ origins, delays, distances, hours }: Flights): Tally {
  const byOrigin = new Sums<string>();
  const byHour = new Sums<number>();
  const byDistance = new Sums<number>();
  for (const [i, origin] of origins.entries()) {
    const minutes = delays[i] ?? 0;
    byOrigin.add(origin, 1, minutes);
    byHour.add(hours[i] ?? 0, 1, minutes);
    byDistance.add(Math.floor((distances[i] ?? 0) / milesAStep), 1, minutes);
  }
  return { rows: origins.length, byOrigin: byOrigin.all(), byHour: byHour.all(), byDistance: byDistance.all() };
}

export function combined(tallies: readonly Tally[]): Tally {
  return {
    rows: tallies.reduce((rows, tally) => rows + tally.rows, 0),
    byOrigin: added(tallies.map((tally) => tally.byOrigin)),
    byHour: added(tallies.map((tally) => tally.byHour)),
    byDistance: added(tallies.map((tally) => tally.byDistance)),
  };
}

function added(parts: readonly Readonly<Record<string, Sum>>[]): Readonly<Record<string, Sum>> {
  const sums = new Sums<string>();
  for (const part of parts) {
    for (const [key, { flights, minutes }] of Object.entries(part)) sums.add(key, flights, minutes);
  }
  return sums.all();
}

class Sums<K extends string | number> {
  private readonly sums = new Map<K, { flights: number; minutes: number }>();

  add(key: K, flights: number, minutes: number): void {
    const sum = this.sums.get(key);
    if (sum === undefined) {
      this.sums.set(key, { flights, minutes });
      return;
    }
    sum.flights += flights;
    sum.minutes += minutes;
  }

  all(): Readonly<Record<string, Sum>> {
    return Object.fromEntries(this.sums);
  }
}
