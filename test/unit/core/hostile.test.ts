// The scheduler under a hostile executor, over the recorded flows: what Prefect said of each is the oracle. After every event
// the scheduler is checked against a recomputation, and at the end its events are replayed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readLines } from "../../conformance/format.js";
import { hasPassed, runLine } from "../../conformance/run-line.js";
import { HostileExecutor } from "../../support/hostile-executor.js";

const files = ["prefect-flows.jsonl", "prefect-flows-2.jsonl"].map(
  (name) => new URL(`../../conformance/${name}`, import.meta.url).pathname,
);
const lines = files.flatMap((file) => readLines(file));

async function mismatches(seed: number, keepNothing: boolean, every: number) {
  const executor = new HostileExecutor(seed, { keepNothing });
  const folder = mkdtempSync(join(tmpdir(), "millrace-hostile-"));
  const found: string[] = [];
  let ran = 0;
  try {
    for (const [i, line] of lines.entries()) {
      if (i % every !== seed % every) continue;
      const verdict = await runLine(line, {
        executor,
        folder,
        allSettled: seed % 2 === 0,
        seed: undefined,
        limitMs: 20_000,
      });
      if (verdict.notYet.length > 0) continue;
      ran++;
      if (!hasPassed(verdict)) found.push(`${verdict.id}: ${verdict.differences.join("; ")}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return { found, ran, checked: executor.checked };
}

for (const seed of [1, 2, 3]) {
  test(`a hostile executor changes nothing, all results kept, seed ${seed} [EXEC-7]`, {
    timeout: 120_000,
  }, async () => {
    const { found, ran, checked } = await mismatches(seed, false, 2);
    expect(found).toEqual([]);
    expect(ran).toBeGreaterThan(300);
    expect(checked).toBeGreaterThan(5_000);
  });
  test(`nothing is read after its release and nothing is left, seed ${seed}`, { timeout: 120_000 }, async () => {
    const { found, ran } = await mismatches(seed, true, 2);
    expect(found).toEqual([]);
    expect(ran).toBeGreaterThan(300);
  });
}
