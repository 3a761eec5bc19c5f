// Owns: running many recorded flows: on one executor, or where things go wrong on one each. Does not own: the command line (`main`), its words (`report`).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AsyncExecutor, type Executor, SequentialExecutor } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { HostileExecutor, SimulatedExecutor } from "@millrace/testing";
import type { Line } from "./format.js";
import { type LineOptions, runLine, type Verdict } from "./run-line.js";

export type SuiteOptions = {
  readonly executor?: string | undefined;
  readonly allSettled?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly limitMs?: number | undefined;
};

type Make = (seed: number) => Executor;
type Checked = HostileExecutor | SimulatedExecutor;

/** The seed of these means something to the tasks alone: how many turns they take. */
const executors: ReadonlyMap<string, Make> = new Map<string, Make>([
  ["async", () => new AsyncExecutor({ concurrency: 16 })],
  ["sequential", () => new SequentialExecutor()],
  ["threads", () => new ThreadPoolExecutor({ threads: 2 })],
]);
/** On these things go wrong, as the seed says, until so many have: each flow has one of its own. */
const hostile: ReadonlyMap<string, (seed: number) => Checked> = new Map<string, (seed: number) => Checked>([
  ["hostile", (seed) => new HostileExecutor(seed)],
  ["simulated", (seed) => new SimulatedExecutor(seed)],
]);
export const executorNames: readonly string[] = [...executors.keys(), ...hostile.keys()];

/** Seeds of two files or two commands are not each other's. */
const SEEDS = 10_007;
/** What a flow's seed finds says something only where things went wrong: on average so many a flow, over as many as these. */
const FAULTS_A_FLOW = 3;
const FLOWS_LEAST = 100;

type Surroundings = Omit<LineOptions, "executor" | "losses">;

export async function runLines(lines: readonly Line[], options: SuiteOptions = {}): Promise<readonly Verdict[]> {
  const { executor: name = "async", allSettled = false, seed, limitMs = 30_000 } = options;
  const [make, makeHostile] = [executors.get(name), hostile.get(name)];
  const folder = mkdtempSync(join(tmpdir(), "millrace-conformance-"));
  const around = { folder, allSettled, seed, limitMs };
  try {
    if (make !== undefined) return await onOne(lines, make(seed ?? 1), around);
    if (makeHostile !== undefined) return await onOneEach(lines, makeHostile, around);
    throw new Error(`there is no executor "${name}": there are ${executorNames.join(", ")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function onOne(lines: readonly Line[], executor: Executor, around: Surroundings): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  try {
    for (const line of lines) verdicts.push(await runLine(line, { executor, ...around }));
  } finally {
    await executor.close("kill");
  }
  return verdicts;
}

async function onOneEach(
  lines: readonly Line[],
  make: (seed: number) => Checked,
  around: Surroundings,
): Promise<readonly Verdict[]> {
  const verdicts: Verdict[] = [];
  let [ran, happened] = [0, 0];
  for (const [i, line] of lines.entries()) {
    const executor = make((around.seed ?? 1) * SEEDS + i);
    try {
      const verdict = await runLine(line, { executor, ...around, losses: () => executor.losses });
      if (verdict.notYet.length === 0) ran++;
      await executor.quiet();
      verdicts.push({ ...verdict, differences: [...verdict.differences, ...executor.problems] });
      // What is only told once more goes on for ever.
      for (const [kind, times] of executor.happened) if (kind !== "repeat") happened += times;
    } finally {
      await executor.close("kill");
    }
  }
  if (ran >= FLOWS_LEAST && happened < ran * FAULTS_A_FLOW)
    throw new Error(`in ${ran} flows no more than ${happened} things went wrong`);
  return verdicts;
}
