// Owns: the command `npm run -s bench -- NAME [--json] [--traces FILE]`. With --json its last line is the result as one object.
import { parseArgs } from "node:util";
import { type Bench, type BenchResult, type Figures, UsageError } from "./bench.js";

const load = async (module: Promise<{ readonly bench: Bench }>): Promise<Bench> => (await module).bench;
const benches: ReadonlyMap<string, () => Promise<Bench>> = new Map([
  ["sequential-100k", () => load(import("./benches/sequential-100k.js"))],
  ["async-100k", () => load(import("./benches/async-100k.js"))],
  ["pool-submit-100k", () => load(import("./benches/pool-submit-100k.js"))],
  ["sequential-growth", () => load(import("./benches/sequential-growth.js"))],
  ["scheduler-memory", () => load(import("./benches/scheduler-memory.js"))],
  ["graph-100k", () => load(import("./benches/graph-100k.js"))],
  ["map-1m", () => load(import("./benches/map-1m.js"))],
  ["async-io", () => load(import("./benches/async-io.js"))],
  ["start-up", () => load(import("./benches/start-up.js"))],
  ["values-json-1mb", () => load(import("./benches/values-json-1mb.js"))],
  ["values-small", () => load(import("./benches/values-small.js"))],
  ["values-buffer", () => load(import("./benches/values-buffer.js"))],
  ["frames-100k", () => load(import("./benches/frames-100k.js"))],
  ["code-load", () => load(import("./benches/code-load.js"))],
  ["threads-100k", () => load(import("./benches/threads-100k.js"))],
  ["threads-submit-100k", () => load(import("./benches/threads-submit-100k.js"))],
  ["threads-roundtrip", () => load(import("./benches/threads-roundtrip.js"))],
  ["threads-speed-up", () => load(import("./benches/threads-speed-up.js"))],
  ["threads-buffers", () => load(import("./benches/threads-buffers.js"))],
  ["threads-peers", () => load(import("./benches/threads-peers.js"))],
  ["threads-map-1m", () => load(import("./benches/threads-map-1m.js"))],
  ["threads-start", () => load(import("./benches/threads-start.js"))],
  ["threads-cancel", () => load(import("./benches/threads-cancel.js"))],
  ["makespan", () => load(import("./benches/makespan.js"))],
  ["placement-1000", () => load(import("./benches/placement-1000.js"))],
  ["micro", () => load(import("./benches/micro.js"))],
]);
const usage = `usage: npm run -s bench -- NAME [--json] [--traces FILE], where NAME is one of\n  ${[...benches.keys()].join("\n  ")}`;

function* tableOf({ bench, value, unit, peer, peerValue, ratio, extra }: BenchResult): Generator<string> {
  yield `${bench.padEnd(24)} ${value} ${unit}`;
  if (peer !== null) yield `${`  ${peer}`.padEnd(24)} ${peerValue} ${unit}`;
  if (ratio !== null) yield `${"  ratio".padEnd(24)} ${ratio} x`;
  yield* rowsOf(extra, "  ");
}

function* rowsOf(figures: Figures, indent: string): Generator<string> {
  for (const [name, figure] of Object.entries(figures)) {
    if (typeof figure !== "object") yield `${(indent + name).padEnd(24)} ${figure}`;
    else {
      yield indent + name;
      yield* rowsOf(figure, `${indent}  `);
    }
  }
}

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { json: { type: "boolean" }, traces: { type: "string" } },
  });
  const [name = "", ...more] = positionals;
  const found = more.length === 0 ? benches.get(name) : undefined;
  if (found === undefined) {
    console.error(usage);
    return 2;
  }
  const bench = await found();
  const result = await bench(values.traces === undefined ? {} : { traces: values.traces });
  if (values.json === true) console.log(JSON.stringify(result));
  else for (const row of tableOf(result)) console.log(row);
  return 0;
}

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof UsageError)) throw error;
  console.error(error.message);
  return 2;
});
