// Every executor and every runner of this repository passes its suite.
import { AsyncExecutor, type Executor, SequentialExecutor } from "@millrace/core";
import { LocalRunner, LocalValues, realClock } from "@millrace/core/internal";
import { ThreadPoolExecutor } from "@millrace/local";
import {
  executorSuite,
  HostileExecutor,
  NO_FAULTS,
  RUDE,
  type RunnerUnderTest,
  runnerSuite,
  SimulatedExecutor,
  simulatedRunner,
} from "@millrace/testing";
import { describe, expect, test } from "vitest";
import { ThreadsRunner } from "../../../packages/executor-local/src/threads-runner.js";

let seed = 0;
const executors: Record<string, () => Executor> = {
  SequentialExecutor: () => new SequentialExecutor(),
  AsyncExecutor: () => new AsyncExecutor(),
  "AsyncExecutor, three at a time": () => new AsyncExecutor({ concurrency: 3 }),
  ThreadPoolExecutor: () => new ThreadPoolExecutor({ threads: 2, graceMs: 50, spareThreads: 0 }),
  "HostileExecutor, that loses nothing": () => new HostileExecutor(++seed, { hostility: RUDE }),
  HostileExecutor: () => new HostileExecutor(++seed),
  "SimulatedExecutor, without faults": () => new SimulatedExecutor(++seed, { faults: NO_FAULTS }),
  SimulatedExecutor: () => new SimulatedExecutor(++seed),
};

const local = (concurrency: number) => (): RunnerUnderTest => ({
  runner: new LocalRunner(concurrency, new LocalValues(), realClock),
  most: concurrency,
});
const threads = { threads: 2, spareThreads: 0, graceMs: 50, resourceLimits: undefined, env: undefined };
const runners: Record<string, () => RunnerUnderTest> = {
  "LocalRunner, one at a time": local(1),
  "LocalRunner, sixteen at a time": local(16),
  "ClusterRunner over simulated workers": () => ({
    ...simulatedRunner(++seed),
    // Tiny tasks are sent ahead, so many for each of two slots, and one more for each of four workers.
    most: 4 * (2 * 8192 + 1),
  }),
  ThreadsRunner: () => ({ runner: new ThreadsRunner(threads, realClock), most: 8192 }),
};

describe.each(Object.entries(executors))("executorSuite on %s", (_, make) => {
  for (const { name, rules, run } of executorSuite(make)) test([name, ...rules.map((id) => `[${id}]`)].join(" "), run);
});

describe.each(Object.entries(runners))("runnerSuite on %s", (_, make) => {
  for (const { name, rules, run } of runnerSuite(make)) test([name, ...rules.map((id) => `[${id}]`)].join(" "), run);
});

test("cases have names of their own", () => {
  for (const suite of [executorSuite(() => new AsyncExecutor()), runnerSuite(local(1))])
    expect(new Set(suite.map(({ name }) => name)).size).toBe(suite.length);
});
