import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { describe, expect, it, onTestFinished } from "vitest";
import { millrace, repository, start } from "./millrace.js";

const patienceMs = 300_000;

/** The same figures by a plain loop over rows, which shares nothing with the example. */
async function plainLoop(): Promise<{ rows: number; count: Map<string, number>; total: Map<string, number> }> {
  const path = fileURLToPath(new URL("../data/flights-3m.parquet", import.meta.resolve("vega-datasets")));
  const file = await asyncBufferFromFile(path);
  const metadata = await parquetMetadataAsync(file);
  const [count, total] = [new Map<string, number>(), new Map<string, number>()];
  let rows = 0;
  for (const { num_rows } of metadata.row_groups) {
    const range = { rowStart: rows, rowEnd: rows + Number(num_rows) };
    for (const row of await parquetReadObjects({
      file,
      metadata,
      compressors,
      columns: ["origin", "delay", "date"],
      ...range,
    })) {
      const hour = `hour ${new Date(row["date"]).getUTCHours()}`;
      for (const key of [String(row["origin"]), hour]) {
        count.set(key, (count.get(key) ?? 0) + 1);
        total.set(key, (total.get(key) ?? 0) + Number(row["delay"]));
      }
      rows++;
    }
  }
  return { rows, count, total };
}

type Sum = { readonly flights: number; readonly minutes: number };
type Ranked = { readonly airport: string; readonly flights: number; readonly meanDelay: number };
type Delays = {
  readonly tally: {
    readonly rows: number;
    readonly byOrigin: Record<string, Sum>;
    readonly byHour: Record<string, Sum>;
    readonly byDistance: Record<string, Sum>;
  };
  readonly ranked: { readonly worst: readonly Ranked[]; readonly best: readonly Ranked[] };
};

describe("the flights of vega-datasets", () => {
  it("add up to what a plain loop over the file finds, on every executor", { timeout: patienceMs }, async () => {
    const run = (executor: string) =>
      millrace(repository, "run", "examples/flights/flow.ts:delays", "--json", "--executor", executor);
    const { stdout } = await run("async");
    for (const executor of ["sequential", "threads"]) {
      const other = await run(executor);
      expect(JSON.parse(other.stdout).value).toEqual(JSON.parse(stdout).value);
    }
    const { value }: { value: Delays } = JSON.parse(stdout);
    const { rows, count, total } = await plainLoop();
    const { tally, ranked } = value;
    expect(rows).toBe(3_000_000);
    expect(tally.rows).toBe(rows);
    const sums = {
      ...tally.byOrigin,
      ...Object.fromEntries(Object.entries(tally.byHour).map(([hour, sum]) => [`hour ${hour}`, sum])),
    };
    expect(sums).toEqual(
      Object.fromEntries([...count].map(([key, flights]) => [key, { flights, minutes: total.get(key) }])),
    );
    expect(Object.values(tally.byDistance).reduce((flights, sum) => flights + sum.flights, 0)).toBe(rows);

    const airports = [...count.keys()].filter((key) => !key.startsWith("hour") && (count.get(key) ?? 0) >= 1_000);
    const mean = (key: string): number => (total.get(key) ?? 0) / (count.get(key) ?? 0);
    const sorted = airports.sort((a, b) => mean(a) - mean(b));
    expect(airports).toHaveLength(156);
    expect(ranked.best.map(({ airport }) => airport)).toEqual(sorted.slice(0, 10));
    expect(ranked.worst.map(({ airport }) => airport)).toEqual(sorted.slice(-10).reverse());
    expect(ranked.worst.map(({ meanDelay }) => meanDelay)).toEqual(sorted.slice(-10).reverse().map(mean));
  });

  it("are what the demo tells and draws", { timeout: patienceMs }, async () => {
    const folder = mkdtempSync(join(tmpdir(), "millrace-demo-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const demo = start(join(repository, "scripts/run-demo.mjs"), ["--param", `out=${folder}`], repository);
    const { code, stdout } = await demo.ended;
    expect(code).toBe(0);
    expect(stdout).toContain("group 11 of 11: 272,730 rows");
    expect(stdout).toContain("\n3,000,000 rows read, 229 airports, 156 of them in the ranking\n");
    for (const line of [
      "BGR   16.572 min",
      "SBP   14.422 min",
      "JNU   14.100 min",
      "GTF   -4.028 min",
      "LAN   -1.100 min",
    ]) {
      expect(stdout).toContain(line);
    }
    expect(stdout).toMatch(/\nchart: \S+\/delays\.svg\n/);
    const svg = readFileSync(join(folder, "delays.svg"), "utf8");
    expect(svg).toMatch(/^<svg [^>]*viewBox/);
    expect(svg.match(/<rect /g)).toHaveLength(21);
    expect(svg.match(/<circle /g)).toHaveLength(24);
    expect(svg).toContain("Bangor, ME  BGR");
  });
});
