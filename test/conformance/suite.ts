// Owns: running many recorded flows on one executor. Does not own: the command line (`main`), its words (`report`).
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AsyncExecutor, type Executor, SequentialExecutor } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { HostileExecutor, SimulatedExecutor } from "@millrace/testing";
import type { Line } from "./format.js";
import { runLine, type Verdict } from "./run-line.js";

export type SuiteOptions = {
  readonly executor?: string | undefined;
  readonly allSettled?: boolean | undefined;
  readonly seed?: number | undefined;
  readonly limitMs?: number | undefined;
};

/** What the seed means to the executor itself; to the tasks it means how many turns they take. */
const executors: ReadonlyMap<string, (seed: number) => Executor> = new Map<string, (seed: number) => Executor>([
  ["async", () => new AsyncExecutor({ concurrency: 16 })],
  ["sequential", () => new SequentialExecutor()],
  ["threads", () => new ThreadPoolExecutor({ threads: 2 })],
  ["hostile", (seed) => new HostileExecutor(seed)],
  ["simulated", (seed) => new SimulatedExecutor(seed)],
]);
export const executorNames: readonly string[] = [...executors.keys()];

export async function runLines(lines: readonly Line[], options: SuiteOptions = {}): Promise<readonly Verdict[]> {
  const { executor: name = "async", allSettled = false, seed, limitMs = 30_000 } = options;
  const make = executors.get(name);
  if (make === undefined) throw new Error(`there is no executor "${name}": there are ${executorNames.join(", ")}`);
  const executor = make(seed ?? 1);
  const folder = mkdtempSync(join(tmpdir(), "millrace-conformance-"));
  const verdicts: Verdict[] = [];
  try {
    const checked = executor instanceof HostileExecutor || executor instanceof SimulatedExecutor ? executor : undefined;
    const losses = checked === undefined ? undefined : (): number => checked.losses;
    for (const line of lines)
      verdicts.push(await runLine(line, { executor, folder, allSettled, seed, limitMs, losses }));
    if (checked !== undefined && checked.faults.length > 0)
      throw new Error(`the ${checked.name} found faults: ${checked.faults.join("; ")}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
    await executor.close("kill");
  }
  return verdicts;
}
