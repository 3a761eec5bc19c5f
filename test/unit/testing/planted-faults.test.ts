// The suites find faults: a runner and an executor with one each, and the cases that must catch it.
import { AsyncExecutor, type Executor } from "@millrace/core";
import type { Answer } from "@millrace/core/seam";
import { executorSuite, type RunnerUnderTest, runnerSuite, type SuiteCase } from "@millrace/testing";
import { Worker } from "node:worker_threads";
import { expect, test } from "vitest";
import { watchResources } from "../../../packages/testing/src/left-open.js";
import { type Change, changedExecutor, changedRunner } from "../../support/changed-runner.js";

const CONCURRENCY = 4;
/** A case that a fault makes wait for ever has failed as well. */
const TURNS_MAX = 3000;

async function failedCases(suite: readonly SuiteCase[]): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const { name, run } of suite) {
    let isOver = false;
    const end = run().then(
      () => true,
      () => false,
    );
    void end.then(() => {
      isOver = true;
    });
    for (let turn = 0; turn < TURNS_MAX && !isOver; turn++) await new Promise((resolve) => setImmediate(resolve));
    if (!isOver || !(await end)) failed.push(name);
  }
  return failed;
}

const runnerWith = (change: Change) => (): RunnerUnderTest => ({
  runner: changedRunner(CONCURRENCY, change).runner,
  most: CONCURRENCY,
});

/** What a fetch gives, with records as lists. */
function withoutKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutKeys);
  const isRecord = typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return isRecord ? Object.values(value).map(withoutKeys) : value;
}
const flattened = (answer: Answer): Answer =>
  answer.kind === "fetched" ? { ...answer, value: withoutKeys(answer.value) } : answer;

const faults: Record<string, Change> = {
  "an outcome of a cancelled attempt stores its value": {
    runner: (own, values) => ({
      cancel: (ids, reason) => {
        own.cancel(ids, reason);
        for (const { run, taskRun, attempt } of ids) values.of(run).set(taskRun, attempt, "kept");
      },
    }),
  },
  "a question of kind fetch loses the shape of a record": {
    host: (host) => ({ answers: (answers) => host.answers(answers.map(flattened)) }),
  },
  "demand above its concurrency": {
    host: (host) => ({ demand: (limit) => host.demand(limit * 2) }),
  },
  "close by drain drops what waits": {
    runner: (own) => {
      let drained = false;
      const take = own.take.bind(own);
      own.take = () => (drained ? undefined : take());
      return {
        close: (mode) => {
          drained = mode === "drain";
          return own.close(mode);
        },
      };
    },
  },
};
const caughtBy: Record<keyof typeof faults, readonly string[]> = {
  "an outcome of a cancelled attempt stores its value": [
    "a work that is cancelled while it runs has an outcome, and no value",
    "a work that is cancelled as soon as it is given has an outcome, and no value",
  ],
  "a question of kind fetch loses the shape of a record": [
    "what is put is attempt 0, and goes as an argument as it was",
    "a question of kind fetch is answered in the shape that was asked for",
  ],
  "demand above its concurrency": ["it asks for works, and never for more than it may"],
  "close by drain drops what waits": ["closed by drain it leaves no work without an outcome"],
};

test.each(Object.keys(faults))("the runner suite finds: %s", async (fault) => {
  const found = await failedCases(runnerSuite(runnerWith(faults[fault] ?? {})));
  expect(found).toEqual(expect.arrayContaining([...(caughtBy[fault] ?? ["this fault is caught by some case"])]));
});

test("a timer that is left open is found by both suites", async () => {
  const timers: NodeJS.Timeout[] = [];
  // More than one: the test runner may end some of its own meanwhile.
  const leave = (): void => {
    for (let i = 0; i < 5; i++) timers.push(setTimeout(() => undefined, 3_600_000));
  };
  const change: Change = {
    runner: (own) => ({
      close: (mode) => {
        leave();
        return own.close(mode);
      },
    }),
  };
  const [inRunner, inExecutor] = [
    await failedCases(runnerSuite(runnerWith(change)).slice(0, 2)),
    await failedCases(executorSuite(() => changedExecutor(CONCURRENCY, change)).slice(-1)),
  ];
  for (const timer of timers) clearTimeout(timer);
  expect(inRunner).toHaveLength(2);
  expect(inExecutor).toEqual(["an executor that was used and closed leaves nothing open"]);
});

test("a listener of the process and a thread that are left are found", async () => {
  const listener = (): void => undefined;
  const threads: Worker[] = [];
  const leaks: Record<string, () => void> = {
    "listener of warning": () => void process.on("warning", listener),
    thread: () =>
      void threads.push(new Worker("require('node:worker_threads').parentPort.on('message', () => 0)", { eval: true })),
  };
  for (const [kind, leak] of Object.entries(leaks)) {
    const leftOpen = watchResources();
    leak();
    expect(await leftOpen()).toContain(kind);
  }
  process.off("warning", listener);
  await Promise.all(threads.map((thread) => thread.terminate()));
});

test("without a fault both suites find nothing", async () => {
  const make = (): Executor => changedExecutor(CONCURRENCY, {});
  expect(await failedCases(runnerSuite(runnerWith({})))).toEqual([]);
  expect(await failedCases(executorSuite(make))).toEqual([]);
  expect(await failedCases(executorSuite(() => new AsyncExecutor()))).toEqual([]);
});
