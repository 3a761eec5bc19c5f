// Owns: running one recorded flow and saying what became of it.
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type Executor, type FinishedRun, type FlowRun, InvalidParams } from "@millrace/core";
import { buildFlow } from "./build.js";
import { differences, tallyDifferences } from "./compare.js";
import { type Expected, familyOf, type Line, runsOf } from "./format.js";
import { constructsNotYet } from "./not-yet.js";

export type LineOptions = {
  readonly executor: Executor;
  /** Where tallies may be written. */
  readonly folder: string;
  readonly allSettled: boolean;
  readonly seed: number | undefined;
  /** A run that takes longer than this has failed. */
  readonly limitMs: number;
  /** How much was lost so far: where something was, bodies may run again, and no less often. */
  readonly losses?: (() => number) | undefined;
};

export type Verdict = {
  readonly id: string;
  readonly family: string;
  /** Constructs that the API cannot say yet; the line was not run. */
  readonly notYet: readonly string[];
  /** None: passed, unless there is something in `notYet`. */
  readonly differences: readonly string[];
};

export const hasPassed = ({ notYet, differences: found }: Verdict): boolean => notYet.length + found.length === 0;

export async function runLine(line: Line, options: LineOptions): Promise<Verdict> {
  const verdict = { id: line.id, family: familyOf(line) };
  const notYet = constructsNotYet(line);
  if (notYet.length > 0) return { ...verdict, notYet, differences: [] };
  try {
    return { ...verdict, notYet, differences: await runAll(line, options) };
  } catch (error) {
    return {
      ...verdict,
      notYet,
      differences: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
    };
  }
}

async function runAll(line: Line, options: LineOptions): Promise<readonly string[]> {
  const { allSettled, folder, seed } = options;
  const runs = runsOf(line);
  const isCounted = runs.some(({ expected }) => expected.executed !== undefined);
  const tally = join(folder, "tally");
  const { flow, slugs } = buildFlow(line.id, line.flow, {
    allSettled,
    ...(isCounted && { tally }),
    ...(seed !== undefined && { seed }),
  });
  const found: string[] = [];
  for (const [i, { given, expected }] of runs.entries()) {
    rmSync(tally, { force: true });
    const start = (): FlowRun<unknown> =>
      flow.start(given.parameters ?? {}, { executor: options.executor, keepResults: "all" });
    const place = runs.length > 1 ? `run ${i + 1}, ` : "";
    const lostBefore = options.losses?.() ?? 0;
    const inRun = await runOnce(start, slugs, expected, options.limitMs);
    const mayRepeat = (options.losses?.() ?? 0) > lostBefore;
    if (expected.executed !== undefined) inRun.push(...tallyDifferences(countsIn(tally), expected.executed, mayRepeat));
    found.push(...inRun.map((text) => place + text));
  }
  return found;
}

async function runOnce(
  start: () => FlowRun<unknown>,
  slugs: ReadonlyMap<string, string>,
  expected: Expected,
  limitMs: number,
): Promise<string[]> {
  let run: FlowRun<unknown>;
  try {
    run = start();
  } catch (error) {
    if (error instanceof InvalidParams && expected.raises === true) return [];
    throw error;
  }
  const finished = await withinLimit(run, limitMs);
  if (finished === undefined) return [`flow: still running after ${limitMs} ms, expected ${expected.flow}`];
  try {
    if (expected.raises === true) return [`flow: ${finished.state}, but the run is to be refused`];
    return [...(await differences(finished, slugs, expected))];
  } finally {
    finished.release();
  }
}

/** Undefined where it takes too long: it is then cancelled and left alone. */
async function withinLimit(run: FlowRun<unknown>, limitMs: number): Promise<FinishedRun<unknown> | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, limitMs, undefined);
  });
  const finished = await Promise.race([run.done, late]);
  clearTimeout(timer);
  if (finished === undefined) run.cancel("it takes too long");
  return finished;
}

function countsIn(tally: string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  const names = existsSync(tally) ? readFileSync(tally, "utf8").split("\n") : [];
  for (const name of names) if (name !== "") counts.set(name, (counts.get(name) ?? 0) + 1);
  return counts;
}
