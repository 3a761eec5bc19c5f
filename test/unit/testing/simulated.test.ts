// The recorded flows on a simulated cluster, with all that goes wrong there: neither a state nor a result changes.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SimulatedExecutor } from "@millrace/testing";
import { expect, test } from "vitest";
import { readLines } from "../../conformance/format.js";
import { hasPassed, runLine } from "../../conformance/run-line.js";

const files = ["prefect-flows.jsonl", "prefect-flows-2.jsonl"].map(
  (name) => new URL(`../../conformance/${name}`, import.meta.url).pathname,
);
const lines = files.flatMap((file) => readLines(file));

test("a cluster with faults has the recorded states and results, each flow with a seed of its own [EXEC-7]", {
  timeout: 120_000,
}, async () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-simulated-"));
  const happened = new Map<string, number>();
  const found: string[] = [];
  let [ran, frames] = [0, 0];
  try {
    for (const [i, line] of lines.entries()) {
      const executor = new SimulatedExecutor(i);
      const losses = (): number => executor.losses;
      const verdict = await runLine(line, {
        executor,
        folder,
        allSettled: false,
        seed: undefined,
        limitMs: 20_000,
        losses,
      });
      if (verdict.notYet.length > 0) continue;
      ran++;
      if (!hasPassed(verdict)) found.push(`${line.id}, seed ${i}: ${verdict.differences.join("; ")}`);
      await executor.quiet();
      found.push(...executor.problems.map((fault) => `${line.id}, seed ${i}: ${fault}`));
      frames += executor.frames;
      for (const [kind, times] of executor.happened) happened.set(kind, (happened.get(kind) ?? 0) + times);
      await executor.close("kill");
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  expect(found).toEqual([]);
  expect(ran).toBeGreaterThan(600);
  expect(frames).toBeGreaterThan(10_000);
  for (const kind of ["crash", "cut", "stall", "truncate", "corrupt", "silence", "slow", "peerCut"])
    expect(happened.get(kind) ?? 0, kind).toBeGreaterThan(10);
});
