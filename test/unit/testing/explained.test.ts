// Each code of a reason is reached by a run on a real executor and told by its handle: the table has a row a code, or does not compile.
import {
  AsyncExecutor,
  context,
  flow,
  type FlowRun,
  pick,
  type ReasonCode,
  SequentialExecutor,
  task,
  type TaskOptions,
} from "@millrace/core";
import { flowRunId, nodeId } from "@millrace/core/internal";
import type { ClusterRunner } from "@millrace/distributed/seam";
import { NO_FAULTS, SimulatedExecutor } from "@millrace/testing";
import { expect, test } from "vitest";
import { changedExecutor } from "../../support/changed-runner.js";
import { Gate, turns } from "../../support/gate.js";
import { LosingExecutor } from "../../support/losing-executor.js";

type Told = { readonly said: string; readonly end?: () => unknown };
const add = task("add", (a: number, b: number) => a + b);

/** Tasks that wait for one gate, on one executor. */
function waiting(options: TaskOptions = {}) {
  const gate = new Gate();
  return { gate, wait: task("wait", options, (_x: number) => gate.opened) };
}

const cluster = (options: ConstructorParameters<typeof SimulatedExecutor>[1] = {}): SimulatedExecutor =>
  new SimulatedExecutor(7, { workers: 1, slots: 1, faults: NO_FAULTS, ...options });

function runnerOf(executor: SimulatedExecutor): ClusterRunner {
  return Reflect.get(Object(Reflect.get(executor.cluster, "farm")), "runner");
}

/** The last of three tasks with the same needs, which wait for one gate. `then`: what happens meanwhile. */
async function lastOnCluster(
  executor: SimulatedExecutor,
  options: TaskOptions = {},
  then: (runner: ClusterRunner) => void = () => undefined,
): Promise<Told> {
  const { gate, wait } = waiting(options);
  const run = flow("three", () => [wait(1), wait(2), wait(3)]).start({}, { executor });
  await turns(20);
  then(runnerOf(executor));
  await turns(20);
  let said = await run.explain("wait-3");
  // Until it is known what the worker does.
  while (said.includes("has not begun")) {
    await turns(1);
    said = await run.explain("wait-3");
  }
  return { said, end: () => end(run, gate, executor) };
}

async function end(run: FlowRun<unknown>, gate: Gate, executor: SimulatedExecutor): Promise<void> {
  run.cancel();
  gate.open();
  await run.done;
  await executor.close("kill");
}

/** What is there for a moment only: looked for at every step of the cluster's time. */
async function glimpsed(slug: string, words: RegExp): Promise<Told> {
  for (let seed = 1; seed < 40; seed++) {
    const executor = new SimulatedExecutor(seed, { workers: 3, slots: 1, faults: NO_FAULTS });
    const make = task("make", (x: number) => Array.from({ length: 2000 }, () => x));
    const take = task("take", (xs: readonly number[], ys: readonly number[]) => xs.length + ys.length);
    const run = flow("moves", () => {
      const made = [make(1), make(2), make(3), make(4)] as const;
      return [take(made[0], made[1]), take(made[1], made[2]), take(made[2], made[3]), take(made[3], made[0])];
    }).start({}, { executor });
    const heard: Promise<string>[] = [];
    let over = false;
    const look = (): void => {
      heard.push(run.explain(slug));
      if (!over) executor.cluster.after(0.2, look);
    };
    executor.cluster.after(0, look);
    await run.done;
    over = true;
    const said = (await Promise.all(heard)).find((one) => words.test(one));
    await executor.close();
    if (said !== undefined) return { said };
  }
  return { said: "never seen" };
}

const says: Record<ReasonCode, readonly [words: RegExp, reach: () => Promise<Told>]> = {
  FINISHED: [
    /^add-1 ended as Success\n {2}\d\d:\S+ Pending -> Running: was sent \(attempt 1\)\n {2}\S+ Running -> Success: gave its value \(attempt 1\)$/,
    async () => {
      const run = flow("done", () => add(1, 2)).start({}, { executor: new SequentialExecutor() });
      await run.done;
      return { said: await run.explain("add-1") };
    },
  ],
  RUNNING: [/^wait-3 runs on worker 0, for \d+\.\d s so far\n/, () => lastOnCluster(cluster({ slots: 4 }))],
  CHILDREN_RUNNING: [
    /^wait-1 has 3 elements, 0 of them have ended/,
    async () => {
      const { gate, wait } = waiting();
      const run = flow("map", () => wait.map([1, 2, 3])).start({}, { executor: new AsyncExecutor() });
      await turns();
      return { said: await run.explain("wait-1"), end: () => gate.open() };
    },
  ],
  RETRY_DELAY: [
    /^flaky-1 is tried again in \d+ ms\n.*\n.* Running -> Retrying: failed, and is tried again \(attempt 1\)$/,
    async () => {
      const flaky = task("flaky", { retries: 1, retryDelay: "1h" }, () => {
        throw new Error("no");
      });
      const run = flow("later", () => flaky()).start({}, { executor: new SequentialExecutor() });
      await turns();
      return { said: await run.explain("flaky-1"), end: () => run.cancel() };
    },
  ],
  NOT_YET_READ: [
    /^add-9000 has not been looked at yet/,
    async () => {
      const run = flow("large", () => {
        for (let i = 0; i < 9000; i++) add(i, 1);
      }).start({}, { executor: new SequentialExecutor() });
      return { said: await run.explain("add-9000"), end: () => run.done };
    },
  ],
  UPSTREAM_UNFINISHED: [
    /^after-1 waits for wait-1$/,
    async () => {
      const { gate, wait } = waiting();
      const after = task("after", (_x: unknown) => 1);
      const run = flow("chain", () => after(wait(1))).start({}, { executor: new AsyncExecutor() });
      await turns();
      return { said: await run.explain("after-1"), end: () => gate.open() };
    },
  ],
  ANSWER_PENDING: [
    /^each-1 waits for an answer about the value it depends on$/,
    async () => {
      const executor = changedExecutor(1, { runner: () => ({ ask: () => undefined }) });
      const make = task("make", () => ({ list: [1, 2] }));
      const each = task("each", (x: number) => x);
      const run = flow("asks", () => each.map(pick(make(), "list"))).start({}, { executor });
      await turns();
      return { said: await run.explain("each-1"), end: () => run.cancel() };
    },
  ],
  MAX_CONCURRENCY: [
    /^wait-1\[1\] waits because maxConcurrency lets 1 elements/,
    async () => {
      const { gate, wait } = waiting({ maxConcurrency: 1 });
      const run = flow("map", () => wait.map([1, 2])).start({}, { executor: new AsyncExecutor() });
      await turns();
      return { said: await run.explain("wait-1", 1), end: () => gate.open() };
    },
  ],
  MAX_OPEN_PIPELINES: [
    /^wait-1\[1\] waits because maxOpenPipelines lets 1 elements/,
    async () => {
      const { gate, wait } = waiting({ maxOpenPipelines: 1 });
      const run = flow("map", () => wait.map([1, 2])).start({}, { executor: new AsyncExecutor() });
      await turns();
      return { said: await run.explain("wait-1", 1), end: () => gate.open() };
    },
  ],
  NO_FREE_SLOT: [
    /^wait-3 is ready and waits for a free slot: the workers have 1 in all, and none is free; another worker/,
    () => lastOnCluster(cluster()),
  ],
  INPUT_LOST: [
    /^add-1 waits for slow-1: the value was lost and is being made again\n(.*\n)* {2}\S+ Running: an input was lost/,
    async () => {
      const [first, second] = [new Gate(), new Gate()];
      let isSecond = false;
      const slow = task("slow", async () => {
        if (isSecond) await second.opened;
        return 1;
      });
      const blocks = task("blocks", () => first.opened);
      const executor = new LosingExecutor();
      const run = flow("lost", () => add.with({ upstream: [blocks()] })(slow(), 1)).start({}, { executor });
      await turns();
      isSecond = true;
      executor.lose(flowRunId(run.id), 0, 2);
      first.open();
      await turns();
      return { said: await run.explain("add-1"), end: () => second.open() };
    },
  ],
  CANCELLING: [
    /^wait-1 is being cancelled: enough\n/,
    async () => {
      const { gate, wait } = waiting();
      const run = flow("stops", () => wait(1)).start({}, { executor: new AsyncExecutor() });
      await turns();
      run.cancel("enough");
      return { said: await run.explain("wait-1"), end: () => gate.open() };
    },
  ],
  EXECUTOR_STARTING: [
    /^add-1 waits for its executor to start$/,
    async () => {
      const gate = new Gate();
      const executor = changedExecutor(1, {
        runner: (own) => ({ start: (host) => gate.opened.then(() => own.start(host)) }),
      });
      const run = flow("early", () => add(1, 2)).start({}, { executor });
      await turns();
      const said = await run.explain("add-1");
      gate.open();
      return { said, end: () => run.done };
    },
  ],
  NO_WORKER: [/^wait-3 waits for a worker: none is there; start one$/, () => lastOnCluster(cluster({ workers: 0 }))],
  NO_WORKER_EVER: [
    /^wait-3 needs gpu=2 and the label eu, and no worker has it: start a worker with --resources gpu=2 and the label eu\n/,
    () => lastOnCluster(cluster({ resources: { gpu: 1 } }), { resources: { gpu: 2 }, labels: ["eu"] }),
  ],
  WORKERS_PAUSED: [
    /^wait-3 waits: worker 0 could run it and paused for want of memory; it goes on when/,
    () =>
      lastOnCluster(cluster(), {}, (runner) =>
        runner.received(0, { kind: "status", running: 1, memory: 0, level: "paused" }),
      ),
  ],
  WORKERS_RETIRING: [
    /^wait-3 waits: worker 0 could run it and takes nothing new before it leaves; start a worker/,
    () => lastOnCluster(cluster(), {}, (runner) => runner.received(0, { kind: "leaving", reason: "drain" })),
  ],
  RESOURCES_IN_USE: [
    /^wait-3 waits for gpu=2: worker 0 has gpu=2 in use \(wait-1\); it goes on when they end, or with another worker with --resources gpu=2\n/,
    () => lastOnCluster(cluster({ slots: 4, resources: { gpu: 3 } }), { resources: { gpu: 2 } }),
  ],
  INPUT_ON_ITS_WAY: [
    /waits for its inputs: \d+ bytes have to be moved there/,
    () => glimpsed("take-1", /waits for its inputs/),
  ],
  SENT: [
    /^make-4 was sent to worker \d and has not begun: up to \d works? there go first/,
    () => glimpsed("make-4", /go first/),
  ],
  TAKEN_BACK: [
    /^make-4 is being taken back from worker \d, to be sent to a worker that is free/,
    () => glimpsed("make-4", /is being taken back/),
  ],
};

test.each(Object.entries(says))("a run tells %s, with its facts and what would free it", async (_, [words, reach]) => {
  const { said, end: finish } = await reach();
  expect(said).toMatch(words);
  await finish?.();
});

test("the story has what happened, and why: a retry, a death, a timeout", async () => {
  const died = { end: "died", cause: { name: "WorkerDied", message: "the worker died" } } as const;
  const executor = new LosingExecutor(1, (_, { attempt }) => (attempt === 2 ? died : undefined));
  const flaky = task("flaky", { retries: 1 }, () => {
    if (context().runCount === 1) throw new Error("no");
  });
  const run = flow("tries", () => flaky()).start({}, { executor });
  await run.done;
  const lines = (await run.explain("flaky-1")).split("\n").map((line) => line.replace(/^ {2}\S+ /, ""));
  expect(lines).toEqual([
    "flaky-1 ended as Success",
    "Pending -> Running: was sent (attempt 1)",
    "Running -> Retrying: failed, and is tried again (attempt 1)",
    "Retrying -> Running: was sent (attempt 2)",
    "Running: what ran it died (attempt 2)",
    "Running: was sent (attempt 3)",
    "Running -> Success: gave its value (attempt 3)",
  ]);
});

test("of a large run the usual steps are left out of the story, and what is not usual stays", async () => {
  const flaky = task("flaky", { retries: 1 }, (x: number) => {
    if (x === 1 && context().runCount === 1) throw new Error("no");
    return x;
  });
  const wide = flow("wide", () => flaky.map(Array.from({ length: 30_000 }, (_, i) => i)));
  const run = wide.start({}, { executor: new AsyncExecutor() });
  await run.done;
  expect(await run.explain("flaky-1", 1)).toContain("Running -> Retrying: failed, and is tried again (attempt 1)");
  expect(await run.explain("flaky-1", 29_000)).toBe("flaky-1[29000] ended as Success");
});

test("over the wire a node that is still on its way is explained, and a run that was closed says so", async () => {
  const executor = cluster();
  const link = executor.open({
    id: flowRunId("by-hand"),
    flow: "by-hand",
    name: "by-hand-1",
    parameters: {},
    keepResults: "all",
    references: undefined,
    returned: [],
    inside: undefined,
  });
  expect(await link.explain(nodeId(5))).toEqual({
    code: "NOT_YET_READ",
    sentence: "the node 5 has not been looked at yet: a large graph is read a piece at a time",
    waitsFor: [],
    story: [],
  });
  const late = link.explain(nodeId(5));
  link.close();
  await expect(late).rejects.toMatchObject({ code: "RUN_CLOSED" });
  await expect(link.explain(nodeId(5))).rejects.toMatchObject({ code: "RUN_CLOSED" });
  await executor.close("kill");
});
