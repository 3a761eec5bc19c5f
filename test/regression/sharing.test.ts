// Several runs on one executor: stalls, slots, closing, what is left behind.
import { AsyncExecutor, flow, SequentialExecutor, task, unmapped } from "@millrace/core";
import { ExecutorOver, LocalRunner, LocalValues, realClock } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { Gate, turns } from "../support/gate.js";

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);
const begin = task("begin", { maxOpenPipelines: 1 }, (n: number) => n);
const total = task("total", (xs: readonly number[]) => xs.length);
const add = task("add", (n: number, m: number) => n + m);

/** Its second stage waits for the whole first one. */
const barrier = () => {
  const begun = begin.map([1, 2, 3]);
  return add.map(begun, unmapped(total(begun)));
};

test("two runs whose pipelines are full and cannot go on do not stop each other", async () => {
  const executor = new AsyncExecutor({ concurrency: 4 });
  const build = flow("barrier", { executor }, barrier);
  expect(await Promise.all([build.run(), build.run()])).toEqual([
    [4, 5, 6],
    [4, 5, 6],
  ]);
  const nested = task("nested", () => build.run());
  expect(await flow("outer", { executor }, () => nested()).run()).toEqual([4, 5, 6]);
});

test("two limited maps that wait for each other go on", async () => {
  const other = task("other", { maxOpenPipelines: 1 }, (n: number) => n);
  const crossed = () => {
    const [a, b] = [begin.map([1, 2, 3]), other.map([1, 2, 3])];
    return { a: add.map(a, unmapped(total(b))), b: add.map(b, unmapped(total(a))) };
  };
  const executor = new AsyncExecutor({ concurrency: 2 });
  const build = flow("crossed", { executor }, crossed);
  const expected = { a: [4, 5, 6], b: [4, 5, 6] };
  expect(await Promise.all([build.run(), build.run(), build.run()])).toEqual([expected, expected, expected]);
});

test("a stage behind a barrier does not wait for an unrelated task", async () => {
  const gate = new Gate();
  const slow = task("slow", () => gate.opened);
  const run = flow("f", () => {
    slow();
    return barrier();
  }).start({}, { executor: new AsyncExecutor({ concurrency: 4 }) });
  await turns(20);
  expect(run.summary()).toMatchObject({ Running: 1, Pending: 0 });
  gate.open();
  expect((await run.done).value).toEqual([4, 5, 6]);
});

for (const limit of [1, 2]) {
  test(`runs that a task starts and leaves take slots of their own, ${limit} at a time`, async () => {
    const executor = limit === 1 ? new SequentialExecutor() : new AsyncExecutor({ concurrency: limit });
    let running = 0;
    let most = 0;
    const work = task("work", async () => {
      most = Math.max(most, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    });
    const inner = flow("inner", () => {
      for (let i = 0; i < 4; i++) work();
    });
    const left: Promise<unknown>[] = [];
    const start = task("start", (_n: number) => void left.push(inner.start({}, { executor }).done));
    await flow("outer", () => start.map(numbers(6))).run({}, { executor });
    await Promise.all(left);
    expect(left.length).toBe(6);
    expect(most).toBe(limit);
  });
}

test("closing twice waits for the same end, and a task that closes its own executor is refused", async () => {
  const gate = new Gate();
  const executor = new AsyncExecutor();
  const wait = task("wait", () => gate.opened);
  const run = flow("f", () => wait()).start({}, { executor });
  await turns();
  const [first, second] = [executor.close(), executor.close()];
  gate.open();
  await Promise.all([first, second, run.done]);
  const own = new AsyncExecutor();
  const close = task("close", () => own.close());
  const error = await flow("g", () => close())
    .run({}, { executor: own })
    .catch((thrown: unknown) => thrown);
  expect(String(error)).toMatch(/close/);
  await own.close();
});

test("a shared executor keeps nothing of runs that have ended, however they ended", async () => {
  const stores = new Set<string>();
  class CountedValues extends LocalValues {
    override of(run: Parameters<LocalValues["of"]>[0]) {
      stores.add(run);
      return super.of(run);
    }
    override drop(run: Parameters<LocalValues["of"]>[0]) {
      stores.delete(run);
      super.drop(run);
    }
  }
  const runner = new LocalRunner(2, new CountedValues(), realClock);
  const executor = new ExecutorOver("Counted", {
    runner,
    clock: realClock,
    detach: (run) => runner.detach(run),
    ownedBy: () => undefined,
    runsCaller: () => false,
  });
  const one = task("one", (x: number) => x);
  const bad = task("bad", (x: number) => {
    if (x > 1) throw new Error("no");
    return x;
  });
  const build = flow("f", () => total(one.map(one.map([1, 2, 3]))));
  const failing = flow("g", () => total(bad.map([1, 2, 3])));
  for (const keepResults of ["all", "returned"] as const) {
    await build.run({}, { executor, keepResults });
    await failing.start({}, { executor, keepResults }).done;
    const cancelled = build.start({}, { executor, keepResults });
    cancelled.cancel();
    await cancelled.done;
  }
  expect([...stores]).toEqual([]);
});

test("a start that is refused leaves no run behind", async () => {
  const executor = new AsyncExecutor();
  const one = task("one", () => 1);
  const build = flow("f", () => one());
  for (const options of [{ signal: {} }, { keepResults: "none" }, { executer: executor }, null]) {
    expect(() => Reflect.apply(build.start, build, [{}, options === null ? null : { executor, ...options }])).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  }
  await executor.close();
});
