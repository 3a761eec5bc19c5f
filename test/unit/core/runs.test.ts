// Runs: cancelling, sharing an executor, nesting, closing, what stays and what is let go.
import {
  AsyncExecutor,
  context,
  FlowCancelled,
  flow,
  type FlowRun,
  param,
  SequentialExecutor,
  task,
  unmapped,
} from "@millrace/core";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test("cancel asks the running tasks, starts no other, and the run ends Cancelled [RUN-4]", async () => {
  const started: number[] = [];
  const wait = task("wait", async (x: number) => {
    started.push(x);
    await new Promise((resolve) => context().signal.addEventListener("abort", resolve));
    return context().cancelled;
  });
  const after = task("after", (x: unknown) => x);
  const build = flow("f", () => after.map(wait.map(numbers(1000))));
  const run = build.start({}, { executor: new AsyncExecutor({ concurrency: 3 }) });
  await turns();
  run.cancel("enough");
  const finished = await run.done;
  expect(finished.state).toBe("Cancelled");
  expect(started).toEqual([0, 1, 2]);
  expect(finished.states.get("wait-1", 0)).toBe("Cancelled");
  expect(finished.states.get("wait-1", 999)).toBe("Cancelled");
  expect(finished.states.get("after-1", 5)).toBe("Cancelled");
  expect(() => finished.value).toThrow(FlowCancelled);
  expect(() => finished.value).toThrow(/enough/);
});

test("cancel ends what waits for a retry, for an upstream and what was never read, and keeps what has ended", async () => {
  const one = task("one", () => 1);
  const flaky = task("flaky", { retries: 1, retryDelay: "1d" }, () => {
    throw new Error("no");
  });
  const after = task("after", (x: unknown) => x);
  const build = flow("f", () => {
    one();
    after(flaky());
    for (let i = 0; i < 10_000; i++) one();
  });
  const run = build.start({}, { executor: new SequentialExecutor() });
  while (run.summary().Retrying === 0) await turns(1);
  run.cancel();
  const { states, state } = await run.done;
  expect(state).toBe("Cancelled");
  expect([states.get("one-1"), states.get("flaky-1"), states.get("after-1")]).toEqual([
    "Success",
    "Cancelled",
    "Cancelled",
  ]);
});

test("a signal cancels the run and run() rejects with FlowCancelled", async () => {
  const controller = new AbortController();
  const wait = task("wait", () => new Promise((resolve) => context().signal.addEventListener("abort", resolve)));
  const running = flow("f", () => wait()).run({}, { signal: controller.signal });
  await turns();
  controller.abort();
  await expect(running).rejects.toBeInstanceOf(FlowCancelled);
  await expect(flow("g", () => wait()).run({}, { signal: AbortSignal.abort() })).rejects.toBeInstanceOf(FlowCancelled);
});

test("a run whose reference tasks had all ended when it was cancelled is what they say", async () => {
  const gate = new Gate();
  const one = task("one", () => 1);
  const slow = task("slow", () => gate.opened);
  const build = flow("f", () => one());
  const run = build.start();
  expect((await run.done).state).toBe("Success");
  run.cancel();
  expect((await run.done).state).toBe("Success");
  expect(slow.name).toBe("slow");
});

test("100 concurrent runs of one flow on one executor give 100 right results [POOL-4]", async () => {
  const executor = new AsyncExecutor({ concurrency: 4 });
  let running = 0;
  let most = 0;
  const step = task("step", async (x: number, n: number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return x * n;
  });
  const sum = task("sum", (xs: number[]) => xs.reduce((a, b) => a + b, 0));
  const build = flow("f", { params: { n: param<number>() } }, (p) => sum(step.map([1, 2, 3, 4, 5], unmapped(p.n))));
  const results = await Promise.all(numbers(100).map((n) => build.run({ n }, { executor })));
  expect(results).toEqual(numbers(100).map((n) => 15 * n));
  expect(most).toBe(4);
});

test("a wide run does not hold up a narrow one on the same executor", async () => {
  const executor = new SequentialExecutor();
  const done: string[] = [];
  const child = task("child", (x: number) => void done.push(`c${x}`));
  const single = task("single", () => void done.push("single"));
  const wide = flow("wide", () => child.map(numbers(1000))).start({}, { executor });
  const narrow = flow("narrow", () => single()).start({}, { executor });
  await Promise.all([wide.done, narrow.done]);
  expect(done.indexOf("single")).toBeLessThan(3);
});

test("a run inside a task of the same executor works in that task's slot: nesting cannot deadlock", async () => {
  const executor = new SequentialExecutor();
  const leaf = task("leaf", (x: number) => x + 1);
  const inner = flow("inner", { params: { x: param<number>() } }, (p) => leaf(leaf(p.x)));
  const outer = task("outer", (x: number) => inner.run({ x }, { executor }));
  const outermost = task("outermost", (x: number) => flow("mid", () => outer(x)).run({}, { executor }));
  expect(await flow("f", () => outermost.map([1, 2])).run({}, { executor })).toEqual([3, 4]);
});

test("an executor that is drained takes no new run and waits for the open ones", async () => {
  const gate = new Gate<number>();
  const executor = new AsyncExecutor();
  const wait = task("wait", () => gate.opened);
  const build = flow("f", () => wait());
  const run = build.start({}, { executor });
  const closed = executor.close();
  expect(() => build.start({}, { executor })).toThrow(/was closed/);
  await turns();
  gate.open(7);
  await closed;
  expect((await run.done).value).toBe(7);
});

test("closing with cancel cancels the open runs; with kill their tasks are not waited for", async () => {
  const never = new Promise(() => undefined);
  const listening = task(
    "listening",
    () => new Promise((resolve) => context().signal.addEventListener("abort", resolve)),
  );
  const deaf = task("deaf", () => never);
  const cancelled = new AsyncExecutor();
  const first = flow("f", () => listening()).start({}, { executor: cancelled });
  await turns();
  await cancelled.close("cancel");
  expect((await first.done).state).toBe("Cancelled");
  const killed = new AsyncExecutor();
  const second = flow("g", () => deaf()).start({}, { executor: killed });
  await turns();
  await killed.close("kill");
  expect((await second.done).state).toBe("Cancelled");
});

test("results are kept to the end by default, and only the returned ones where asked", async () => {
  const one = task("one", (x: number) => [x]);
  const build = flow("f", () => one.with({ slug: "last" })(one.map([1, 2]) && 3));
  const all = await build.start().done;
  expect(await all.resultOf("one-1")).toEqual([[1], [2]]);
  expect(await all.resultOf("one-1", 1)).toEqual([2]);
  const some = await build.start({}, { keepResults: "returned" }).done;
  expect(some.value).toEqual([3]);
  await expect(some.resultOf("one-1")).rejects.toMatchObject({ code: "RESULT_RELEASED" });
  await expect(some.resultOf("one-1", 0)).rejects.toThrow(/keepResults/);
});

test("one child's result can be had where a sibling failed [MAP-5]", async () => {
  const odd = task("odd", (x: number) => {
    if (x === 0) throw new Error("zero");
    return x;
  });
  const run = await flow("f", () => odd.map([0, 1])).start().done;
  expect(await run.resultOf("odd-1", 1)).toBe(1);
  await expect(run.resultOf("odd-1", 0)).rejects.toMatchObject({ code: "RESULT_MISSING" });
  await expect(run.resultOf("odd-1")).rejects.toThrow(/odd-1\[0\].*zero/);
});

test("the event loop breathes while sync tasks run one after the other [RUN-11]", async () => {
  let breaths = 0;
  let going = true;
  const tick = (): void => {
    breaths++;
    if (going) setImmediate(tick);
  };
  setImmediate(tick);
  const spin = task("spin", (_x: number) => {
    const until = performance.now() + 1;
    while (performance.now() < until);
  });
  await flow("f", () => spin.map(numbers(100))).run({}, { executor: new SequentialExecutor() });
  going = false;
  await turns(2);
  // 100 ms of work, a breath each 10 ms or so.
  expect(breaths).toBeGreaterThan(4);
});

test("a task that gives no promise costs no turn: start() itself runs none", async () => {
  let ran = false;
  const one = task("one", () => {
    ran = true;
  });
  const run = flow("f", () => one()).start({}, { executor: new SequentialExecutor() });
  expect(ran).toBe(false);
  await run.done;
  expect(ran).toBe(true);
});

test("changes come in batches, ranges of children as one, and end with the run", async () => {
  const one = task("one", (x: number) => x);
  const run: FlowRun<number[]> = flow("f", () => one.map(numbers(5000))).start(
    {},
    { executor: new SequentialExecutor() },
  );
  let batches = 0;
  let succeeded = 0;
  for await (const batch of run.changes()) {
    batches++;
    for (const change of batch) if (change.state === "Success" && change.slug === "one-1") succeeded += change.count;
  }
  expect(succeeded).toBe(5000);
  expect(batches).toBeLessThan(1000);
  expect((await run.done).state).toBe("Success");
});

test("every task run that is not running has a reason", async () => {
  const gate = new Gate();
  const wait = task("wait", { maxConcurrency: 1 }, (_x: number) => gate.opened);
  const after = task("after", (x: unknown) => x);
  const piped = task("piped", { maxOpenPipelines: 1 }, (_x: number) => gate.opened);
  const run = flow("f", () => {
    after(wait.map([1, 2]));
    piped.map([1, 2]);
    after(1);
  }).start({}, { executor: new AsyncExecutor({ concurrency: 2 }) });
  await turns();
  expect(await run.explain("wait-1", 0)).toMatch(/sent/);
  expect(await run.explain("wait-1", 1)).toMatch(/maxConcurrency/);
  expect(await run.explain("piped-1", 1)).toMatch(/maxOpenPipelines/);
  expect(await run.explain("after-1")).toMatch(/waits for wait-1/);
  gate.open();
  await run.done;
  expect(await run.explain("after-1")).toMatch(/ended as Success/);
});
