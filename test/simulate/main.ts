// Owns: the command `npm run simulate -- --seeds N [--from S] [--jobs 2] [--twice] [--seed S --trace] [--tally FILE]`: a simulated
// cluster for each seed. Its last line is `N passed, M failed`; one seed that finds something makes its code 1.
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { simulateSeed } from "@millrace/testing";
import { type FromChild, inChild } from "./child.js";
import { merged, reportOf, runSeeds, type Tally } from "./seeds.js";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const OPTIONS = {
  seeds: text,
  from: text,
  jobs: text,
  seed: text,
  trace: flag,
  tally: text,
  commit: text,
  stop: flag,
  twice: flag,
  step: text,
  child: flag,
} as const;

function refuse(message: string): never {
  console.error(message);
  process.exit(2);
}

function given(): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const options = "--seeds N, --from S, --jobs J, --seed S, --trace, --tally FILE, --twice, --mutants, --stop";
    return refuse(`${error instanceof Error ? error.message : String(error)}\nThere are ${options}`);
  }
}
const values = given();

const number = (text: string | undefined, otherwise: number, name: string, least = 0): number => {
  const value = text === undefined ? otherwise : Number(text);
  if (text?.trim() !== "" && Number.isSafeInteger(value) && value >= least) return value;
  return refuse(`--${name} ${text} is no whole number from ${least} on: write one`);
};

async function one(seed: number): Promise<number> {
  for (const name of ["seeds", "from", "jobs", "tally"] as const)
    if (values[name] !== undefined) refuse(`--seed runs one seed: it does not go with --${name}`);
  const report = await simulateSeed(seed, values.trace === true ? (line) => console.log(line) : undefined);
  for (const problem of report.problems) console.log(problem);
  console.log(`seed ${seed}: ${report.events} events, ${report.frames} frames, trace ${report.trace}`);
  console.log(report.problems.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return report.problems.length === 0 ? 0 : 1;
}

const twiceEvery = values.twice === true ? 1 : 10;

function childArgs(from: number, count: number, step: number): readonly string[] {
  const args = ["--child", "--from", String(from), "--seeds", String(count), "--step", String(step)];
  if (values.stop === true) args.push("--stop");
  if (values.twice === true) args.push("--twice");
  return args;
}

const begins = (at: number, { seeds, failed, problems }: Tally): FromChild => ({
  at,
  soFar: { seeds, failed, problems },
});

type Kept = Omit<Tally, "eventsOf" | "problems"> & { readonly runs: readonly object[] };

/** The file adds up what was run, also at other commits. */
function addTo(file: string, { problems, ...tally }: Tally, run: object): void {
  const kept: Partial<Kept> = JSON.parse(readFileSync(file, "utf8") || "{}");
  const sum = (
    before: Readonly<Record<string, number>> = {},
    now: Readonly<Record<string, number>> = {},
  ): Record<string, number> =>
    Object.fromEntries(
      [...new Set([...Object.keys(before), ...Object.keys(now)])]
        .sort()
        .map((name) => [name, (before[name] ?? 0) + (now[name] ?? 0)]),
    );
  const all = {
    seeds: (kept.seeds ?? 0) + tally.seeds,
    failed: (kept.failed ?? 0) + tally.failed,
    events: (kept.events ?? 0) + tally.events,
    frames: (kept.frames ?? 0) + tally.frames,
    runs: [...(kept.runs ?? []), problems.length === 0 ? run : { ...run, found: problems.map(({ seed }) => seed) }],
    faults: sum(kept.faults, tally.faults),
    reached: sum(kept.reached, tally.reached),
  };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

/** Before there is anything to lose: the file is there from now on. */
function tryToWrite(file: string): void {
  try {
    appendFileSync(file, "");
    JSON.parse(readFileSync(file, "utf8") || "{}");
  } catch (error) {
    refuse(
      `--tally ${file} cannot be written, or is no tally: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

async function many(): Promise<number> {
  const [seeds, from] = [number(values.seeds, 1000, "seeds", 1), number(values.from, 1, "from")];
  if (values.trace === true) refuse("--trace shows one seed: write --seed S as well");
  const jobs = Math.min(seeds, number(values.jobs, 2, "jobs", 1));
  if (values.tally !== undefined) tryToWrite(values.tally);
  const startedMs = performance.now();
  const script = new URL(import.meta.url).pathname;
  const counts = Array.from({ length: jobs }, (_, job) => Math.ceil((seeds - job) / jobs));
  const tallies = await Promise.all(counts.map((count, job) => inChild(script, childArgs(from + job, count, jobs))));
  const tally = merged(tallies);
  const seconds = (performance.now() - startedMs) / 1000;
  for (const line of reportOf(tally, seconds)) console.log(line);
  if (values.tally !== undefined) addTo(values.tally, tally, { commit: values.commit ?? "", from, seeds, seconds });
  return tally.failed === 0 ? 0 : 1;
}

if (values.child === true) {
  const [from, count] = [number(values.from, 1, "from"), number(values.seeds, 1, "seeds")];
  const say = (message: FromChild, then = (): void => undefined): void => void process.send?.(message, then);
  const options = {
    stop: values.stop === true,
    twiceEvery,
    begins: (at: number, soFar: Tally) => say(begins(at, soFar)),
  };
  const tally = await runSeeds(from, count, number(values.step, 1, "step"), options);
  say({ tally }, () => process.exit(0));
} else process.exitCode = values.seed === undefined ? await many() : await one(number(values.seed, 0, "seed"));
