// Three million flights of 2001, read one row group at a time: which airports do flights leave late from?
// Run it with `npm run demo`, or with `millrace run examples/flights/flow.ts --param minFlights=5000`.
import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { flow, param, type Ref, task } from "millrace";
import { airportNames } from "./airport-names.js";
import { chart } from "./chart.js";
import { type RowGroup, readFlights, rowGroups } from "./flight-data.js";
import { type Ranking, ranking } from "./ranking.js";
import { reportText } from "./report.js";
import { type Tally, combined, tallyOf } from "./tally.js";

const listGroups = task("list-groups", rowGroups);

const tallyGroup = task("tally-group", async (group: RowGroup) => {
  const tally = tallyOf(await readFlights(group));
  console.log(`group ${group.number} of ${group.of}: ${tally.rows.toLocaleString("en")} rows`);
  return tally;
});

const combine = task("combine", (tallies: readonly Tally[]) => combined(tallies));
const rank = task("rank", (tally: Tally, minFlights: number) => ranking(tally, minFlights, 10));
const nameAirports = task("name-airports", airportNames);

const draw = task("draw", async (tally: Tally, ranked: Ranking, names: Record<string, string>, folder: string) => {
  const path = join(folder, "delays.svg");
  await mkdir(folder, { recursive: true });
  await writeFile(path, chart(tally, ranked, names));
  return relative(process.cwd(), path);
});

const report = task("report", reportText);

/** Reading a group and counting it are one task, and two go on at a time: no more rows than theirs are in memory. */
const tallyAll = (): Ref<Tally> => combine(tallyGroup.with({ maxConcurrency: 2 }).map(listGroups()));

/** Airports with fewer departures are left out of the ranking. */
const minFlights = param(1_000);

export default flow("flights", { params: { minFlights, out: param(join(import.meta.dirname, "out")) } }, (p) => {
  const tally = tallyAll();
  const ranked = rank(tally, p.minFlights);
  const names = nameAirports();
  return report(tally, ranked, names, draw(tally, ranked, names, p.out));
});

/** The numbers alone: `millrace run examples/flights/flow.ts:delays --json`. */
export const delays = flow("delays", { params: { minFlights } }, (p) => {
  const tally = tallyAll();
  return { tally, ranked: rank(tally, p.minFlights) };
});
