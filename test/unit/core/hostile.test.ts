// The scheduler under a hostile executor, over the recorded flows: what Prefect said of each is the oracle. After every event
// the scheduler is checked against a recomputation, and at the end its events are replayed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { flow, SequentialExecutor, settledEach, skip, task } from "@millrace/core";
import { expect, test } from "vitest";
import { buildFlow } from "../../conformance/build.js";
import { readLines, runsOf } from "../../conformance/format.js";
import { constructsNotYet } from "../../conformance/not-yet.js";
import { hasPassed, runLine } from "../../conformance/run-line.js";
import { HostileExecutor } from "@millrace/testing";
import { SeededRandom } from "@millrace/testing/seam";

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
        losses: () => executor.losses,
      });
      if (verdict.notYet.length > 0) continue;
      ran++;
      if (!hasPassed(verdict)) found.push(`${verdict.id}: ${verdict.differences.join("; ")}`);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await executor.quiet();
  found.push(...executor.problems);
  return { found, ran, checked: executor.checked, losses: executor.losses };
}

for (const seed of [1, 2, 3]) {
  test(`a hostile executor changes nothing, all results kept, seed ${seed} [EXEC-7]`, {
    timeout: 120_000,
  }, async () => {
    const { found, ran, checked, losses } = await mismatches(seed, false, 2);
    expect(found).toEqual([]);
    expect(ran).toBeGreaterThan(300);
    expect(checked).toBeGreaterThan(5_000);
    expect(losses).toBeGreaterThan(300);
  });
  test(`nothing is read after its release and nothing is left, seed ${seed}`, { timeout: 120_000 }, async () => {
    const { found, ran } = await mismatches(seed, true, 2);
    expect(found).toEqual([]);
    expect(ran).toBeGreaterThan(300);
  });
}

for (const seed of [1, 2]) {
  test(`a run that is cancelled at any moment ends, and leaves nothing undecided, seed ${seed}`, {
    timeout: 120_000,
  }, async () => {
    const executor = new HostileExecutor(seed, { keepNothing: seed % 2 === 0 });
    const random = new SeededRandom(seed);
    const ends = new Map<string, number>();
    for (const line of lines) {
      if (constructsNotYet(line).length > 0) continue;
      const { flow } = buildFlow(line.id, line.flow, { allSettled: seed % 2 === 0 });
      const [given] = runsOf(line);
      if (given?.expected.raises === true) continue;
      const run = flow.start(given?.given.parameters ?? {}, { executor });
      for (let turns = random.below(12); turns > 0; turns--) await Promise.resolve();
      run.cancel("at any moment");
      const { state } = await run.done;
      ends.set(state, (ends.get(state) ?? 0) + 1);
      const { Pending, Running, Retrying } = run.summary();
      expect(Pending + Running + Retrying, line.id).toBe(0);
    }
    expect(ends.get("Cancelled") ?? 0).toBeGreaterThan(300);
  });
}

test("maps over lists of settled refs give the same under a hostile executor, 60 seeds", {
  timeout: 60_000,
}, async () => {
  const item = task("item", async (n: number) => {
    if (n % 3 === 1) return skip("third");
    if (n % 3 === 2) throw new Error(`item ${n}`);
    return n;
  });
  const tell = task("tell", (s: { status: string }, n: number) => `${s.status}${n}`);
  const after = task("after", (text: string) => `${text}!`);
  const build = flow("lists", () => {
    const list = settledEach([item(0), item(1), item(2), item(3), item(item(6))]);
    return { each: after.map(tell.map(list, [0, 1, 2, 3])), whole: after.map(tell.map(list, [9, 8, 7, 6, 5])) };
  });
  const expected = await build.run({}, { executor: new SequentialExecutor() });
  expect(expected.each).toEqual(["success0!", "skipped1!", "failed2!", "success3!"]);
  for (let seed = 0; seed < 60; seed++) {
    const run = await build.start({}, { executor: new HostileExecutor(seed, { keepNothing: seed % 2 === 0 }) }).done;
    expect(run.value, `seed ${seed}`).toEqual(expected);
  }
});
