// Owns: cases of a runner's values: exact names, questions, letting go.

import assert from "node:assert/strict";
import { type SentTree, taskRunId } from "@millrace/core/seam";
import { double, echo } from "../suite-tasks.js";
import { caughtWorks, changed, taking } from "./caught-works.js";
import { isMissing, onlyOf, type RunnerCase } from "./runner-case.js";

const ref = (taskRun: number, attempt: number): SentTree & { readonly kind: "ref" } => ({
  kind: "ref",
  ref: { taskRun: taskRunId(taskRun), attempt },
});

export const valueCases: readonly RunnerCase[] = [
  {
    name: "a value has an exact name: that of another attempt is not given",
    rules: [],
    run: async (driven) => {
      const batch = changed(onlyOf(await caughtWorks(() => echo("third"))), () => ({ attempt: 3 }));
      const { taskRun } = batch.at(0);
      await driven.dispatch([batch]);
      const [outcome] = await driven.outcomesOf([batch]);
      assert.deepEqual([outcome?.taskRun, outcome?.attempt, outcome?.result.end], [taskRun, 3, "value"]);
      for (const attempt of [0, 1, 2, 4]) await isMissing(driven, batch.run.id, { taskRun, attempt });
      const answer = await driven.fetchValue(batch.run.id, { taskRun, attempt: 3 });
      assert.deepEqual(answer.kind === "fetched" && answer.value, "third");
      await isMissing(driven, onlyOf(await caughtWorks(() => echo(1))).run.id, { taskRun, attempt: 3 });
    },
  },
  {
    name: "what is put is attempt 0, and goes as an argument as it was",
    rules: [],
    run: async (driven) => {
      const value = { list: [1n, undefined, -0], at: new Date(7), text: "é" };
      const batch = taking(onlyOf(await caughtWorks(() => echo("?"))), taskRunId(900), 0);
      const meta = driven.runner.put(batch.run.id, 900, value);
      assert.deepEqual([meta.length, meta.truthy], [-1, true]);
      await driven.dispatch([batch]);
      await driven.outcomesOf([batch]);
      const answer = await driven.fetchValue(batch.run.id, { taskRun: batch.at(0).taskRun, attempt: 1 });
      assert.deepEqual(answer.kind === "fetched" && answer.value, value);
    },
  },
  {
    name: "a question of kind fetch is answered in the shape that was asked for",
    rules: [],
    run: async (driven) => {
      const batch = onlyOf(await caughtWorks(() => echo({ part: 4 })));
      await driven.dispatch([batch]);
      await driven.outcomesOf([batch]);
      const made = ref(batch.at(0).taskRun, 1);
      const record: SentTree = { kind: "record", keys: ["a", "b"], items: [made, { kind: "inline", value: 2 }] };
      const part: SentTree = { kind: "pick", of: made, key: { kind: "inline", value: "part" } };
      const tree: SentTree = { kind: "list", items: [record, part, { kind: "list", items: [] }] };
      const answer = await driven.fetch(batch.run.id, tree);
      assert.deepEqual(answer.kind === "fetched" && answer.value, [{ a: { part: 4 }, b: 2 }, 4, []]);
    },
  },
  {
    name: "questions of two runs that have one number are answered each",
    rules: [],
    run: async (driven) => {
      const works = [onlyOf(await caughtWorks(() => echo("one"))), onlyOf(await caughtWorks(() => echo("other")))];
      await driven.dispatch(works);
      await driven.outcomesOf(works);
      const answers = await driven.probeAll(
        works.map((batch) => ({ run: batch.run.id, tree: ref(batch.at(0).taskRun, 1) })),
      );
      assert.deepEqual(
        answers.map((answer) => answer.kind === "probed" && answer.meta.truthy),
        [true, true],
      );
    },
  },
  {
    name: "a question about a value is answered with its length and whether it is truthy",
    rules: [],
    run: async (driven) => {
      const run = onlyOf(await caughtWorks(() => echo(1))).run.id;
      const values: readonly (readonly [unknown, number, boolean])[] = [
        [[1, 2, 3], 3, true],
        ["", -1, false],
        [0, -1, false],
        [{}, -1, true],
      ];
      for (const [at, [value, length, truthy]] of values.entries()) {
        driven.runner.put(run, 900 + at, value);
        const answer = await driven.ask(run, ref(900 + at, 0), "probe");
        assert.equal(answer.kind, "probed");
        if (answer.kind === "probed") assert.deepEqual([answer.meta.length, answer.meta.truthy], [length, truthy]);
      }
    },
  },
  {
    name: "every question is answered, also one about what is not there or cannot be read",
    rules: [],
    run: async (driven) => {
      const run = onlyOf(await caughtWorks(() => echo(1))).run.id;
      driven.runner.put(run, 900, null);
      await isMissing(driven, run, { taskRun: taskRunId(5), attempt: 1 });
      const part: SentTree = { kind: "pick", of: ref(900, 0), key: { kind: "inline", value: "part" } };
      for (const kind of ["fetch", "probe"] as const) assert.equal((await driven.ask(run, part, kind)).kind, "failed");
    },
  },
  {
    name: "what is released is gone, by its exact name alone",
    rules: [],
    run: async (driven) => {
      const run = onlyOf(await caughtWorks(() => double(1))).run.id;
      for (const at of [900, 901, 902, 903]) driven.runner.put(run, at, at);
      driven.runner.release(run, [
        { first: 900, count: 2, attempt: 1 },
        { first: 901, count: 2, attempt: 0 },
      ]);
      for (const taskRun of [901, 902]) await isMissing(driven, run, { taskRun: taskRunId(taskRun), attempt: 0 });
      for (const at of [900, 903]) {
        const answer = await driven.fetchValue(run, { taskRun: taskRunId(at), attempt: 0 });
        assert.equal(answer.kind === "fetched" && answer.value, at);
      }
    },
  },
];
