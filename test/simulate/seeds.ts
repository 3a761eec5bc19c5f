// Owns: running seeds of the simulator, one after the other, and what they come to together.
import { simulateSeed } from "@millrace/testing";
import { unreached } from "./reach.js";

export type Tally = {
  seeds: number;
  failed: number;
  events: number;
  frames: number;
  /** Events of each seed, for the median. */
  readonly eventsOf: number[];
  readonly faults: Record<string, number>;
  /** What `reach` knows by name, and how often. */
  readonly reached: Record<string, number>;
  /** The first few. */
  readonly problems: { readonly seed: number; readonly problems: readonly string[] }[];
};

export const emptyTally = (): Tally => ({
  seeds: 0,
  failed: 0,
  events: 0,
  frames: 0,
  eventsOf: [],
  faults: {},
  reached: {},
  problems: [],
});

const add = (to: Record<string, number>, what: string, times: number): void => {
  to[what] = (to[what] ?? 0) + times;
};

const NAMED_MAX = 20;

/** `begins`: told before each run of a seed. `stop`: at the first seed that finds something. Each `twiceEvery`-th seed is run twice, and must do the same twice. */
export async function runSeeds(
  from: number,
  count: number,
  step: number,
  options: { stop: boolean; twiceEvery: number; begins?: (seed: number, soFar: Tally) => void },
): Promise<Tally> {
  const tally = emptyTally();
  for (let i = 0; i < count; i++) {
    const seed = from + i * step;
    options.begins?.(seed, tally);
    const report = await simulateSeed(seed);
    const problems = [...report.problems];
    if (seed % options.twiceEvery === 0) {
      options.begins?.(seed, tally);
      const again = await simulateSeed(seed);
      if (again.trace !== report.trace)
        problems.push(`it does other things the second time: ${report.trace}, ${again.trace}`);
    }
    tally.seeds++;
    tally.events += report.events;
    tally.frames += report.frames;
    tally.eventsOf.push(report.events);
    for (const [kind, times] of report.faults) {
      add(tally.faults, kind, times);
      add(tally.reached, `fault ${kind}`, times);
    }
    for (const [what, times] of report.reached) add(tally.reached, what, times);
    if (problems.length === 0) continue;
    tally.failed++;
    if (tally.problems.length < NAMED_MAX) tally.problems.push({ seed, problems });
    if (options.stop) break;
  }
  return tally;
}

export function merged(tallies: readonly Tally[]): Tally {
  const all = emptyTally();
  for (const tally of tallies) {
    all.seeds += tally.seeds;
    all.failed += tally.failed;
    all.events += tally.events;
    all.frames += tally.frames;
    all.eventsOf.push(...tally.eventsOf);
    all.problems.push(...tally.problems);
    for (const [kind, times] of Object.entries(tally.faults)) add(all.faults, kind, times);
    for (const [what, times] of Object.entries(tally.reached)) add(all.reached, what, times);
  }
  all.problems.sort((a, b) => a.seed - b.seed);
  return all;
}

export function reportOf(tally: Tally, seconds: number): readonly string[] {
  const sorted = tally.eventsOf.toSorted((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  const faults = Object.entries(tally.faults).map(([kind, times]) => `${kind} ${times}`);
  return [
    ...tally.problems.map(({ seed, problems }) => `seed ${seed}: ${problems.join("\n  ")}`),
    ...reachOf(tally),
    `${tally.events} events (median of a seed ${median}), ${tally.frames} frames, faults: ${faults.join(", ")}`,
    `${tally.seeds} seeds in ${seconds.toFixed(1)} s, ${Math.round((tally.seeds / seconds) * 3600)} an hour`,
    `${tally.seeds - tally.failed} passed, ${tally.failed} failed`,
  ];
}

function reachOf({ reached }: Tally): readonly string[] {
  const { missing, impossible } = unreached(reached);
  return [
    ...(missing.length === 0 ? ["everything was reached"] : [`not reached: ${missing.join(", ")}`]),
    ...(impossible.length === 0 ? [] : [`reached, though it cannot be: ${impossible.join(", ")}`]),
  ];
}
