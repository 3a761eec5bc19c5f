// A runner that says what cannot be: its run fails, all others and the process go on.
import { AsyncExecutor, flow, type MillraceError, task } from "@millrace/core";
import type { OutcomeBatch } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { changedExecutor } from "../../support/changed-runner.js";

const double = task("double", (x: number) => 2 * x);
const three = flow("three", () => [double(1), double(2), double(3)] as const);

/** Of each batch of outcomes that the real runner tells, what is told instead. */
function executorThatTells(change: (batch: OutcomeBatch) => readonly OutcomeBatch[]) {
  return changedExecutor(4, {
    host: (host) => ({
      outcomes: (batches, nowMs) =>
        host.outcomes(
          batches.flatMap((batch) => change(batch)),
          nowMs,
        ),
    }),
  });
}
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    ({ code, message }: MillraceError) => `${code}: ${message}`,
  );
const like = (batch: OutcomeBatch, changed: object): OutcomeBatch => ({
  run: batch.run,
  length: 1,
  at: () => Object.assign(Object.create(null), batch.at(0), changed),
});

test.each<[string, object, RegExp]>([
  ["an attempt that was never sent", { attempt: 2 }, /attempt 2 of task run \d, which it was never given/],
  ["a node that is not there", { taskRun: 99 }, /attempt 1 of task run 99/],
  ["a child of no map", { taskRun: 2 ** 30 + 7 }, /task run 1073741831/],
  ["no task run", { taskRun: undefined }, /needs taskRun/],
  ["an attempt that is none", { attempt: 0 }, /needs taskRun, attempt \(from 1 on\)/],
  ["no result", { result: undefined }, /is none/],
  ["an end that there is not", { result: { end: "vanished" } }, /ends as "vanished"/],
])("an outcome of %s fails its run with RUNNER_FAULT", async (_, changed, message) => {
  let lies = true;
  const executor = executorThatTells((batch) => {
    if (!lies) return [batch];
    lies = false;
    return [like(batch, changed)];
  });
  const failed = three.run({}, { executor });
  const error = await codeOf(failed);
  expect(error).toMatch(/^RUNNER_FAULT: /);
  expect(error).toMatch(message);
  expect(await three.run({}, { executor })).toEqual([2, 4, 6]);
  expect(await three.run({}, { executor: new AsyncExecutor() })).toEqual([2, 4, 6]);
  await executor.close();
});

test("an outcome that comes again, at once or when its run goes on, is no fault", async () => {
  const told: OutcomeBatch[] = [];
  const executor = executorThatTells((batch) => {
    told.push(batch);
    return [batch, ...told];
  });
  const many = flow("many", () => [double(double(double(1))), double.map([1, 2, 3])] as const);
  expect(await many.run({}, { executor })).toEqual([8, [2, 4, 6]]);
  await executor.close();
});
