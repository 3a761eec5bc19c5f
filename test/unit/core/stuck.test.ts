// A run that can make no more progress ends with STUCK and names what waits for what. An engine does that only where it has a
// bug: each of these has one planted. What merely takes its time is never taken for stuck.
import { AsyncExecutor, flow, type FlowRun, openPool, pick, SequentialExecutor, Stuck, task } from "@millrace/core";
import {
  ExecutorOver,
  type FlowScheduler,
  LocalRunner,
  LocalValues,
  realClock,
  type SchedulerEvent,
} from "@millrace/core/internal";
import { expect, test } from "vitest";
import { changedExecutor } from "../../support/changed-runner.js";
import { Gate, turns } from "../../support/gate.js";

type Bug = (scheduler: FlowScheduler, event: SchedulerEvent) => void;

/** An executor whose schedulers are changed behind their backs, after each event. */
function buggyExecutor(bug: Bug): ExecutorOver {
  const runner = new LocalRunner(4, new LocalValues(), realClock);
  return new ExecutorOver("BuggyExecutor", {
    runner,
    clock: realClock,
    detach: (run) => runner.detach(run),
    watch: { stepsMax: 4096, onEvent: (_, scheduler, event) => bug(scheduler, event) },
    ownedBy: (executor) => {
      runner.executor = executor;
    },
    runsCaller: () => false,
  });
}

/** Something that never happens is waited for. */
const oneEdgeTooMany =
  (...nodes: number[]): Bug =>
  ({ state }, event) => {
    if (event.kind !== "graphExtended") return;
    for (const node of nodes) {
      const { wait } = state.nodePage(node);
      wait[node] = (wait[node] ?? 0) + 1;
    }
  };

const one = task("one", (): number => 1);
const add = task("add", (a: number, b: number) => a + b);
const chain = flow("chain", () => add(add(one(), 1), 10));

test("an edge that is counted once too often ends the run, with what waits for what, and the executor goes on", async () => {
  let isBroken = true;
  const bug = oneEdgeTooMany(1);
  const executor = buggyExecutor((scheduler, event) => {
    if (isBroken) bug(scheduler, event);
  });
  const run = chain.start({}, { executor });
  const error: unknown = await run.done.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Stuck);
  expect(error).toMatchObject({
    code: "STUCK",
    waits: ["add-1 waits for its upstream tasks", expect.stringMatching(/^add-2 waits for add-1$/), expect.any(String)],
    more: 0,
  });
  expect(Object(error).message).toMatch(
    /nothing is under way, and add-1 waits for .*; add-2 waits for add-1.*bug in Millrace/,
  );
  expect(await run.explain("one-1")).toMatch(/ended as Success/);
  isBroken = false;
  expect(await chain.run({}, { executor })).toBe(12);
  await executor.close();
});

test("at most ten are named, and the rest is a number", async () => {
  const executor = buggyExecutor(oneEdgeTooMany(...Array.from({ length: 30 }, (_, i) => i + 1)));
  const wide = flow("wide", () => {
    const first = one();
    for (let i = 0; i < 30; i++) add(first, i);
  });
  const error: unknown = await wide.run({}, { executor }).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(Stuck);
  const { waits, more } = error instanceof Stuck ? error : { waits: [], more: -1 };
  expect(waits).toHaveLength(10);
  expect(waits.length + more).toBeGreaterThanOrEqual(30);
  await executor.close();
});

test("a child of a map that is forgotten ends the run, also a cancelled one whose count is wrong", async () => {
  const forgets = buggyExecutor(({ state }) => {
    for (const map of state.maps.values()) if (map.cursor === 4) map.cursor = 5;
  });
  const each = flow("each", () => add.map([1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]));
  await expect(each.run({}, { executor: forgets })).rejects.toMatchObject({ code: "STUCK" });
  await forgets.close();

  const miscounts = buggyExecutor(({ state }, event) => {
    if (event.kind === "graphExtended") state.unfinished++;
  });
  const gate = new Gate();
  const waits = flow("waits", () => task("waits", () => gate.opened)());
  const run = waits.start({}, { executor: miscounts });
  await turns();
  run.cancel();
  gate.open();
  await expect(run.done).rejects.toMatchObject({ code: "STUCK" });
  await miscounts.close();
});

test("a pool's futures are rejected by it, those that wait and those that come, and it closes", async () => {
  const executor = buggyExecutor(oneEdgeTooMany(1));
  const pool = await openPool(executor);
  const first = pool.submit(one);
  const second = pool.submit(add, first, 1);
  await expect(second).rejects.toMatchObject({ code: "STUCK" });
  expect(() => pool.submit(one)).toThrow(/broke off/);
  await pool.close();
  await executor.close();
});

test("what takes its time is not stuck: a silent runner, a retry, an answer, a start, no slots", async () => {
  const gate = new Gate();
  const wait = task("wait", (_x?: unknown) => gate.opened);
  const flaky = task("flaky", { retries: 1, retryDelay: "1h" }, () => {
    throw new Error("no");
  });
  const list = task("list", () => ({ items: [1, 2] }));
  const started = [
    flow("silent", () => wait()).start({}, { executor: new AsyncExecutor() }),
    flow("retries", () => flaky()).start({}, { executor: new SequentialExecutor() }),
    flow("limited", () => wait(task("x", { maxOpenPipelines: 1 }, (_x: number) => gate.opened).map([1, 2]))).start(),
    flow("asks", () => wait.map(pick(list(), "items"))).start(
      {},
      { executor: changedExecutor(1, { runner: () => ({ ask: () => undefined }) }) },
    ),
    chain.start({}, { executor: changedExecutor(1, { runner: () => ({ start: () => gate.opened }) }) }),
    chain.start({}, { executor: changedExecutor(0, {}) }),
  ];
  let ended = 0;
  const note = (): void => {
    ended++;
  };
  for (const run of started satisfies readonly FlowRun<unknown>[]) void run.done.then(note, note);
  await turns(20);
  expect(ended).toBe(0);
  for (const run of started) run.cancel();
  gate.open();
  await Promise.all(started.map((run) => run.done));
});
