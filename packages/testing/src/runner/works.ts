// Owns: cases of a runner's works: an outcome for each, whatever becomes of it.

import assert from "node:assert/strict";
import type { Outcome, WorkBatch } from "@millrace/core/seam";
import { begun, notBegun } from "../began.js";
import { double, echo, endless, fails, later, oddFails, skips, untilAsked } from "../suite-tasks.js";
import { caughtWorks } from "./caught-works.js";
import type { DrivenRunner } from "./driven-runner.js";
import { isMissing, onlyOf, type RunnerCase } from "./runner-case.js";

const endsOf = (outcomes: readonly Outcome[]): readonly string[] => outcomes.map(({ result }) => result.end);
const idOf = (batch: WorkBatch) => {
  const { taskRun, attempt } = batch.at(0);
  return { run: batch.run.id, taskRun, attempt };
};

async function hasNoValue(driven: DrivenRunner, batch: WorkBatch): Promise<void> {
  const { run, ...name } = idOf(batch);
  const [outcome] = await driven.outcomesOf([batch]);
  // R3 of `runner`: elsewhere it may have ended before the cancel came. Then whoever cancelled lets go of its value.
  if (driven.runner.capabilities.remote && outcome?.result.end === "value")
    driven.runner.release(run, [{ first: name.taskRun, count: 1, attempt: name.attempt }]);
  await isMissing(driven, run, name);
}

export const workCases: readonly RunnerCase[] = [
  {
    name: "each work has one outcome, which says how it ended and when",
    rules: [],
    run: async (driven) => {
      const batches = await caughtWorks(() => [echo(1), fails("no"), skips(), later(2)]);
      const startedAtMs = driven.now();
      await driven.dispatch(batches);
      const outcomes = await driven.outcomesOf(batches);
      assert.deepEqual(endsOf(outcomes), ["value", "failed", "signal", "value"]);
      for (const outcome of outcomes) {
        assert.ok(outcome.startedAtMs >= startedAtMs - 1000 && outcome.startedAtMs <= driven.now() + 1000);
        assert.ok(outcome.durationMs >= 0);
      }
      const [, failed] = outcomes;
      assert.equal(failed?.result.end === "failed" && failed.result.failure.message, "no");
      assert.equal(driven.told.length, batches.length);
    },
  },
  {
    name: "children of a map have outcomes of their own, in any number",
    rules: [],
    run: async (driven) => {
      const batches = await caughtWorks(() => oddFails.map([...Array(500).keys()]));
      const singles = batches.flatMap((batch) => Array.from({ length: batch.length }, (_, i) => one(batch, i)));
      await driven.dispatch(singles);
      const outcomes = await driven.outcomesOf(singles);
      assert.deepEqual(
        endsOf(outcomes),
        singles.map((_, i) => (i % 2 === 0 ? "value" : "failed")),
      );
    },
  },
  {
    name: "a work that is cancelled while it runs has an outcome, and no value",
    rules: [],
    run: async (driven) => {
      const flag = notBegun();
      const batch = onlyOf(await caughtWorks(() => untilAsked(flag)));
      await driven.dispatch([batch]);
      await begun(flag);
      driven.cancel(idOf(batch), "enough");
      await hasNoValue(driven, batch);
    },
  },
  {
    name: "a work that is cancelled as soon as it is given has an outcome, and no value",
    rules: [],
    run: async (driven) => {
      const batch = onlyOf(await caughtWorks(() => later(1)));
      await driven.dispatch([batch]);
      driven.cancel(idOf(batch), "enough");
      await hasNoValue(driven, batch);
      const next = onlyOf(await caughtWorks(() => double(4)));
      await driven.dispatch([next]);
      assert.deepEqual(endsOf(await driven.outcomesOf([next])), ["value"]);
    },
  },
  {
    name: "a cancel of what is over, or was never given, does nothing",
    rules: [],
    run: async (driven) => {
      const [done, never] = [onlyOf(await caughtWorks(() => double(4))), onlyOf(await caughtWorks(() => double(5)))];
      await driven.dispatch([done]);
      await driven.outcomesOf([done]);
      driven.runner.cancel([idOf(done), idOf(never)], "enough");
      const { run, ...name } = idOf(done);
      const answer = await driven.fetchValue(run, name);
      assert.equal(answer.kind === "fetched" && answer.value, 8);
      assert.equal(driven.told.length, 1);
    },
  },
  {
    name: "it asks for works, and never for more than it may",
    rules: [],
    run: async (driven, most) => {
      for (let round = 0; round < 5; round++) {
        const batches = await caughtWorks(() => Array.from({ length: 100 }, (_, i) => later(i)));
        await driven.dispatch(batches);
        await driven.outcomesOf(batches);
      }
      assert.ok(
        driven.demands.every((limit) => limit >= 0 && Number.isInteger(limit) && limit <= most),
        `it asked for ${Math.max(...driven.demands)} works, ${most} at most`,
      );
      assert.ok(driven.demand >= 1);
    },
  },
  {
    name: "closed by drain it leaves no work without an outcome",
    rules: ["POOL-3"],
    run: async (driven) => {
      const batches = (await caughtWorks(() => [later(1), double(2), later(3)])).slice(0, driven.demand);
      await driven.dispatch(batches);
      await driven.runner.close("drain");
      assert.equal((await driven.outcomesOf(batches)).length, batches.length);
    },
  },
  {
    name: "closed by kill it answers for what would never end",
    rules: ["POOL-3", "T4"],
    run: async (driven) => {
      const flag = notBegun();
      const batch = onlyOf(await caughtWorks(() => endless(flag)));
      await driven.dispatch([batch]);
      await begun(flag);
      await driven.runner.close("kill");
      await driven.outcomesOf([batch]);
      assert.equal(driven.told.length, 1);
    },
  },
  {
    name: "closed it leaves nothing open",
    rules: ["POOL-3"],
    run: async (driven) => {
      const batches = await caughtWorks(() => [later(1), fails("no")]);
      await driven.dispatch(batches);
      await driven.outcomesOf(batches);
      await driven.runner.close("drain");
    },
  },
];

function one(batch: WorkBatch, i: number): WorkBatch {
  const work = batch.at(i);
  return { run: batch.run, template: batch.template, length: 1, at: () => work };
}
