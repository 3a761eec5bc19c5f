// What the demo prints.
import type { Ranked, Ranking } from "./ranking.js";
import { type Sum, type Tally, meanDelay, milesAStep } from "./tally.js";

export function reportText(
  tally: Tally,
  ranked: Ranking,
  names: Readonly<Record<string, string>>,
  chart: string,
): string {
  const line = ({ airport, flights, meanDelay: mean }: Ranked): string =>
    `  ${airport}  ${minutes(mean)}  ${count(flights)} flights  ${names[airport] ?? ""}`;
  return [
    `${count(tally.rows).trim()} rows read, ${Object.keys(tally.byOrigin).length} airports, ${ranked.airports} of them in the ranking`,
    "",
    "Flights leave latest from (mean delay)",
    ...ranked.worst.map(line),
    "",
    "and earliest from",
    ...ranked.best.map(line),
    "",
    "By distance",
    ...Object.entries(tally.byDistance).map(([step, sum]) => distanceLine(Number(step), sum)),
    "",
    `chart: ${chart}`,
  ].join("\n");
}

const minutes = (mean: number): string => `${mean.toFixed(3).padStart(7)} min`;
const count = (n: number): string => n.toLocaleString("en").padStart(9);

function distanceLine(step: number, sum: Sum): string {
  const [from, to] = [step * milesAStep, (step + 1) * milesAStep];
  return `  ${`${from} to ${to} miles`.padEnd(20)}${minutes(meanDelay(sum))}  ${count(sum.flights)} flights`;
}
