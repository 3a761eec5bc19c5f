// Where an airport is, by its code.
import { readFile } from "node:fs/promises";

const csv = new URL("../data/airports.csv", import.meta.resolve("vega-datasets"));
const row = /^(\w{3}),(?:"[^"]*"|[^,]*),([^,]*),([^,]*),/gm;

export async function airportNames(): Promise<Record<string, string>> {
  const rows = (await readFile(csv, "utf8")).matchAll(row);
  return Object.fromEntries(Array.from(rows, ([, code = "", city, state]) => [code, `${city}, ${state}`]));
}
