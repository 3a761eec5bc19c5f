// Owns: the command `npm run simulate -- --seeds N [--from S] [--jobs 2] [--seed S --trace] [--tally FILE]`: a simulated cluster for
// each seed. Its last line is `N passed, M failed`; one seed that finds something makes its code 1.
import { fork } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { simulateSeed } from "@millrace/testing";
import { merged, reportOf, runSeeds, type Tally } from "./seeds.js";

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;
const { values } = parseArgs({
  options: {
    seeds: text,
    from: text,
    jobs: text,
    seed: text,
    trace: flag,
    tally: text,
    commit: text,
    stop: flag,
    step: text,
    child: flag,
  },
});
const number = (given: string | undefined, otherwise: number, name: string): number => {
  const value = given === undefined ? otherwise : Number(given);
  if (Number.isSafeInteger(value) && value >= 0) return value;
  console.error(`--${name} ${given} is no whole number: write one from 0 on`);
  process.exit(2);
};

async function one(seed: number): Promise<number> {
  const report = await simulateSeed(seed, values.trace === true ? (line) => console.log(line) : undefined);
  for (const problem of report.problems) console.log(problem);
  console.log(`seed ${seed}: ${report.events} events, ${report.frames} frames, trace ${report.trace}`);
  console.log(report.problems.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
  return report.problems.length === 0 ? 0 : 1;
}

const twiceEvery = 50;

function inChild(from: number, count: number, step: number): Promise<Tally> {
  const args = ["--child", "--from", String(from), "--seeds", String(count), "--step", String(step)];
  if (values.stop === true) args.push("--stop");
  return new Promise((resolve, reject) => {
    // Each event makes what the next one lets go of: room for it saves most of the collecting.
    const child = fork(new URL(import.meta.url).pathname, args, { execArgv: ["--max-semi-space-size=64"] });
    child.once("message", (tally: Tally) => resolve(tally));
    child.once("exit", (code) => reject(new Error(`a process of seeds ended with code ${code}`)));
  });
}

type Kept = Omit<Tally, "eventsOf" | "problems"> & { readonly runs: readonly object[] };

/** The file adds up what was run, also at other commits. */
function addTo(file: string, { problems, ...tally }: Tally, run: object): void {
  const kept: Partial<Kept> = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : {};
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

async function many(): Promise<number> {
  const [seeds, from] = [number(values.seeds, 1000, "seeds"), number(values.from, 1, "from")];
  const jobs = Math.max(1, number(values.jobs, 2, "jobs"));
  const startedMs = performance.now();
  const counts = Array.from({ length: jobs }, (_, job) => Math.ceil((seeds - job) / jobs));
  const tallies = await Promise.all(counts.map((count, job) => inChild(from + job, count, jobs)));
  const tally = merged(tallies);
  const seconds = (performance.now() - startedMs) / 1000;
  for (const line of reportOf(tally, seconds)) console.log(line);
  if (values.tally !== undefined) addTo(values.tally, tally, { commit: values.commit ?? "", from, seeds, seconds });
  return tally.failed === 0 ? 0 : 1;
}

if (values.child === true) {
  const [from, count] = [number(values.from, 1, "from"), number(values.seeds, 1, "seeds")];
  const options = { stop: values.stop === true, twiceEvery };
  const tally = await runSeeds(from, count, number(values.step, 1, "step"), options);
  process.send?.(tally, () => process.exit(0));
} else process.exitCode = values.seed === undefined ? await many() : await one(number(values.seed, 0, "seed"));
