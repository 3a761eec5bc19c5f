import { AsyncLocalStorage } from "node:async_hooks";
import {
  AsyncExecutor,
  context,
  type Executor,
  flow,
  FutureCancelled,
  MillraceError,
  openPool,
  type Pool,
  PoolClosed,
  ResultMissing,
  SequentialExecutor,
  skip,
  task,
  unmapped,
} from "@millrace/core";
import { ExecutorOver, LocalRunner, LocalValues, realClock, type RunnerHost } from "@millrace/core/internal";
import { moduleLoads } from "@millrace/core/seam";
import { afterEach, describe, expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";

const add = task("add", (a: number, b: number) => a + b);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
const total = task("total", (order: { name: string; prices: readonly number[] }) => ({
  [order.name]: order.prices.reduce((a, b) => a + b, 0),
}));
const broken = new RangeError("out of range");
const fails = task("fails", (): number => {
  throw broken;
});
const skips = task("skips", (): number => skip("nothing to do"));

const errorOf = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    () => "no error",
    (error: unknown) => error,
  );
const codeOf = async (promise: PromiseLike<unknown>): Promise<string> => {
  const error = await errorOf(promise);
  return error instanceof MillraceError ? error.code : String(error);
};
const codeThrown = (call: () => unknown): string => {
  try {
    call();
  } catch (error) {
    return error instanceof MillraceError ? error.code : String(error);
  }
  return "nothing thrown";
};

const pools: Pool[] = [];
async function open(executor?: Executor): Promise<Pool> {
  const pool = await openPool(executor);
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close("kill");
});

describe.each([
  ["SequentialExecutor", () => new SequentialExecutor()],
  ["AsyncExecutor", () => new AsyncExecutor({ concurrency: 3 })],
])("a pool on %s", (_name, make) => {
  test("runs a task that is submitted, and its future gives the result [EXEC-9]", async () => {
    const pool = await open(make());
    const future = pool.submit(add, 1, 2);
    expect(future.state).toBe("Pending");
    expect(await future).toBe(3);
    expect(future.state).toBe("Success");
    expect(await future.then((n) => n * 2)).toBe(6);
    expect(Object.prototype.toString.call(future)).toBe("[object Future]");
  });

  test("takes futures anywhere in later arguments [EXEC-3]", async () => {
    const pool = await open(make());
    const three = pool.submit(add, 1, 2);
    const seven = pool.submit(add, three, 4);
    expect(await pool.submit(sum, [three, 100, seven])).toBe(110);
    expect(await pool.submit(total, { name: "a", prices: [three, seven] })).toEqual({ a: 10 });
  });

  test("a future is a promise: handlers run later, in their context, and chain [EXEC-9]", async () => {
    const pool = await open(make());
    const store = new AsyncLocalStorage<string>();
    const future = pool.submit(add, 1, 2);
    const order: string[] = [];
    const inside = store.run("mine", () => future.then((n) => order.push(`${n} ${store.getStore()}`)));
    const other = store.run("other", () => future.finally(() => order.push(`finally ${store.getStore()}`)));
    await Promise.all([inside, other]);
    const again = future.then(() => order.push("again"));
    order.push("sync");
    await again;
    expect(order).toEqual(["3 mine", "finally other", "sync", "again"]);
    const failed = pool.submit(fails);
    expect(await failed.catch((error: unknown) => [error])).toEqual([broken]);
    expect(await errorOf(failed.then(() => "never"))).toBe(broken);
    expect(await errorOf(failed.finally(() => undefined))).toBe(broken);
    expect(await errorOf(future.then(() => fails.fn()))).toBe(broken);
    expect(await future.then(() => pool.submit(add, 5, 5))).toBe(10);
    expect(await failed.then(undefined, null).catch(() => "caught")).toBe("caught");
  });

  test("runs two equal submits twice, and one submit once, however often it is awaited [EXEC-5]", async () => {
    const pool = await open(make());
    let runs = 0;
    const counts = task("counts", () => ++runs);
    const [first, second] = [pool.submit(counts), pool.submit(counts)];
    expect([await first, await first, await second, await pool.gather(first)]).toEqual([1, 1, 2, 1]);
    expect(await pool.submit(sum, [first, first, second])).toBe(4);
    expect(runs).toBe(2);
  });

  test("starts work at the submit, whether anybody waits or not [EXEC-9]", async () => {
    const pool = await open(make());
    const gate = new Gate();
    const opens = task("opens", () => gate.open());
    void pool.submit(opens);
    await gate.opened;
  });

  test("maps over lists, futures of lists and what goes whole to each", async () => {
    const pool = await open(make());
    const numbers = pool.submit(task("numbers", () => [1, 2, 3]));
    const tens = pool.map(add, numbers, [10, 20, 30, 40]);
    expect(await pool.map(add, tens, unmapped(pool.submit(add, 50, 50)))).toEqual([111, 122, 133]);
    expect(await pool.submit(sum, tens)).toBe(66);
    expect(await pool.map(add, [], [])).toEqual([]);
  });

  test("a mapped future gives its elements one by one, in the order of the list", async () => {
    const pool = await open(make());
    const given: number[] = [];
    for await (const value of pool.map(add, [1, 2, 3], unmapped(10))) given.push(value);
    expect(given).toEqual([11, 12, 13]);
    const odd = task("odd", (n: number) => (n === 2 ? fails.fn() : n));
    const before: number[] = [];
    const walk = async (): Promise<void> => {
      for await (const value of pool.map(odd, [1, 2, 3])) before.push(value);
    };
    expect(await errorOf(walk())).toBe(broken);
    expect(before).toEqual([1]);
    const never = pool.map(add, pool.map(odd, [2]), [1]);
    expect(await errorOf(never[Symbol.asyncIterator]().next())).toMatchObject({ name: "TriggerFailed", cause: broken });
  });

  test("gather gives the same shape back, with what is no future as it is [EXEC-2]", async () => {
    const pool = await open(make());
    const three = pool.submit(add, 1, 2);
    const date = new Date(0);
    expect(await pool.gather({ a: [three, { b: three }], c: "text", date })).toEqual({
      a: [3, { b: 3 }],
      c: "text",
      date,
    });
    expect(await pool.gather([])).toEqual([]);
    expect(await pool.gather(7)).toBe(7);
    const cyclic: { self?: unknown; three: unknown } = { three };
    cyclic.self = cyclic;
    const gathered = await pool.gather(cyclic);
    expect(gathered).toMatchObject({ three: 3 });
    expect(Reflect.get(gathered, "self")).toBe(gathered);
    expect(await errorOf(pool.gather([three, [pool.submit(fails)]]))).toBe(broken);
  });

  test("a failing task rejects with the very error it threw; what depends on it says so", async () => {
    const pool = await open(make());
    const failed = pool.submit(fails);
    expect(await errorOf(failed)).toBe(broken);
    expect(failed.state).toBe("Failed");
    const behind = pool.submit(sum, [1, pool.submit(add, failed, 1)]);
    expect(await errorOf(behind)).toMatchObject({ name: "TriggerFailed", cause: broken });
    expect(behind.state).toBe("TriggerFailed");
    const rows = pool.map(add, [failed, 2], [1, 1]);
    expect(await errorOf(rows)).toMatchObject({ name: "TriggerFailed", cause: broken });
  });

  test("a skipped task rejects with ResultMissing, and skips what depends on it", async () => {
    const pool = await open(make());
    const skipped = pool.submit(skips);
    expect(await errorOf(pool.submit(add, skipped, 1))).toBeInstanceOf(ResultMissing);
    expect(await errorOf(skipped)).toBeInstanceOf(ResultMissing);
    expect(skipped.state).toBe("Skipped");
    const both = task("both", (n: number): number => (n === 0 ? skips.fn() : fails.fn()));
    expect(await errorOf(pool.map(both, [0, 1, 0]))).toBe(broken);
    expect(await errorOf(pool.map(both, [0, 0]))).toBeInstanceOf(ResultMissing);
  });

  test("retries and triggers are those of flows", async () => {
    const pool = await open(make());
    const second = task("second", { retries: 1 }, () => (context().runCount === 2 ? "second try" : fails.fn()));
    expect(await pool.submit(second)).toBe("second try");
    const after = task("after", { trigger: "allFinished" }, (n: number) => n);
    expect(await errorOf(pool.submit(after, pool.submit(fails)))).toMatchObject({ code: "UPSTREAM_HAS_NO_VALUE" });
  });

  test("a task that awaits what it submitted to its own pool does not wait for its own slot", async () => {
    const pool = await open(make());
    const deep: (n: number) => Promise<number> = async (n) => (n === 0 ? 0 : 1 + (await pool.submit(nested, n - 1)));
    const nested = task("nested", deep);
    expect(await pool.submit(nested, 10)).toBe(10);
    const list = task("list", async () => {
      const mapped = pool.map(add, [1, 2], [3, 4]);
      const walked: number[] = [];
      for await (const value of mapped) walked.push(value);
      return [walked, await pool.gather([mapped, mapped])];
    });
    expect(await pool.submit(list)).toEqual([
      [4, 6],
      [
        [4, 6],
        [4, 6],
      ],
    ]);
    // All of them wait for what stands behind them in the queue.
    const last = new Gate<number>();
    const waits = task("waits", async () => await late);
    const waiting = Array.from({ length: 8 }, () => pool.submit(waits));
    const late = pool.submit(task("late", () => last.opened));
    await turns();
    last.open(7);
    expect(await pool.gather(waiting)).toEqual([7, 7, 7, 7, 7, 7, 7, 7]);
  });

  test("does everything that was submitted before it closes, and each future is there afterwards", async () => {
    const executor = make();
    const pool = await open(executor);
    const futures = Array.from({ length: 100 }, (_, i) => pool.submit(add, i, 1));
    const failed = pool.submit(fails);
    await pool.close();
    await pool.close();
    expect(futures.every(({ state }) => state === "Success")).toBe(true);
    expect(await Promise.all(futures)).toEqual(futures.map((_, i) => i + 1));
    expect(await errorOf(failed)).toBe(broken);
    expect(await flow("after", () => add(1, 2)).run({}, { executor })).toBe(3);
  });

  test.each(["cancel", "kill"] as const)("closed with %s, every future settles once [T4]", async (mode) => {
    const pool = await open(make());
    const gate = new Gate();
    const begun = new Gate();
    const waits = task("waits", async () => {
      begun.open();
      await gate.opened;
      return 1;
    });
    const done = pool.submit(add, 1, 2);
    expect(await done).toBe(3);
    const futures = Array.from({ length: 20 }, () => pool.submit(waits));
    const behind = pool.submit(sum, futures);
    let settled = 0;
    const count = (): void => void settled++;
    for (const future of [...futures, behind]) void future.then(count, count);
    await begun.opened;
    const closed = pool.close(mode);
    if (mode === "kill") expect(futures[0]?.cancel()).toBe(false);
    else gate.open();
    await closed;
    gate.open();
    await turns();
    expect(settled).toBe(21);
    for (const future of [...futures, behind]) {
      expect(await errorOf(future)).toBeInstanceOf(FutureCancelled);
      expect(future.state).toBe("Cancelled");
    }
    expect(await done).toBe(3);
  });

  test("an executor that closes ends its pools: what was submitted is done, what comes later is refused", async () => {
    const executor = make();
    const pool = await open(executor);
    const before = pool.submit(add, 1, 2);
    await turns();
    const late = pool.submit(add, 3, 4);
    const closed = executor.close();
    expect(await codeOf(late)).toBe("CANCELLED");
    expect(late.state).toBe("Cancelled");
    await closed;
    expect(await before).toBe(3);
    expect(codeThrown(() => pool.submit(add, 1, 2))).toBe("POOL_CLOSED");
    await pool.close();
  });

  test("a task that closes its own pool is told that it would wait for itself", async () => {
    const pool = await open(make());
    const closes = task("closes", () => pool.close());
    expect(await codeOf(pool.submit(closes))).toBe("CLOSE_INSIDE");
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test("a pool may be opened, used and closed in a task of the same executor", async () => {
    const executor = make();
    const opens = task("opens", async () => {
      const inner = await openPool(executor);
      const value = await inner.submit(add, 1, 2);
      await inner.close();
      return value;
    });
    expect(await flow("outer", () => opens()).run({}, { executor })).toBe(3);
  });
});

describe("handlers of a future", () => {
  const executor = new AsyncExecutor();
  const later = task("later", async (x: number) => {
    await turns();
    return x;
  });
  const bad = task("bad", async () => {
    await turns();
    throw broken;
  });

  test("a promise's resolving functions may be given to it, and what comes after them runs", async () => {
    const pool = await open(executor);
    const order: unknown[] = [];
    const settled = await new Promise((resolve, reject) => {
      void pool
        .submit(later, 7)
        .then(resolve, reject)
        .finally(() => order.push("finally"))
        .then((value) => order.push(value));
    });
    await turns();
    expect([settled, ...order]).toEqual([7, "finally", undefined]);
    const rejected = new Promise((resolve, reject) => void pool.submit(bad).then(resolve, reject));
    expect(await errorOf(rejected)).toBe(broken);
    const over = pool.submit(add, 1, 2);
    await over;
    expect(await new Promise((resolve, reject) => void over.then(resolve, reject))).toBe(3);
  });

  test("functions that are native or bound run as a promise's handlers do: later, in the caller's context", async () => {
    const pool = await open(executor);
    const place = new AsyncLocalStorage<string>();
    const seen: unknown[] = [];
    const note = function (this: string, value: unknown): string {
      seen.push([this, value, place.getStore()]);
      return "noted";
    };
    const [good, failing] = [pool.submit(later, 1), pool.submit(bad)];
    const noted = place.run("caller", () => [
      good.then(note.bind("good"), note.bind("bad")),
      failing.then(note.bind("good"), note.bind("bad")),
      good.then(Number.prototype.toFixed.call.bind(Number.prototype.toFixed), note.bind("bad")),
    ]);
    expect(await Promise.all(noted)).toEqual(["noted", "noted", "1"]);
    expect(seen).toEqual([
      ["good", 1, "caller"],
      ["bad", broken, "caller"],
    ]);
  });

  test("awaiting one keeps the context of who awaits", async () => {
    const pool = await open(executor);
    const place = new AsyncLocalStorage<number>();
    const inside = async (i: number): Promise<unknown> => {
      const value = await pool.submit(later, i);
      const both = await Promise.all([pool.submit(later, i), pool.submit(later, i)]);
      return [value, both, place.getStore()];
    };
    const all = [1, 2, 3].map((i) => place.run(i, () => inside(i)));
    expect(await Promise.all(all)).toEqual([1, 2, 3].map((i) => [i, [i, i], i]));
  });
});

describe("what a pool refuses", () => {
  test("a submit or map after it was closed [EXEC-4]", async () => {
    const pool = await open();
    const future = pool.submit(add, 1, 2);
    const closing = pool.close();
    expect(() => pool.submit(add, 1, 2)).toThrow(PoolClosed);
    expect(codeThrown(() => pool.map(add, [1], [2]))).toBe("POOL_CLOSED");
    await closing;
    expect(await future).toBe(3);
  });

  test("futures of other pools, refs, promises and what is no task, each with what to do", async () => {
    const [pool, other] = [await open(), await open()];
    const promise = Promise.resolve(1);
    const foreign = other.submit(add, 1, 2);
    const tell = task("tell", (value: unknown) => value);
    expect(codeThrown(() => pool.submit(add, foreign, 1))).toBe("FOREIGN_FUTURE");
    expect(codeThrown(() => pool.submit(tell, [{ deep: foreign }]))).toBe("FOREIGN_FUTURE");
    expect(codeThrown(() => Reflect.apply(pool.submit, pool, [add, promise, 1]))).toBe("PROMISE_AS_ARGUMENT");
    expect(() => pool.submit(tell, { deep: [promise] })).toThrow(
      'argument 1 of "tell", at .deep[0] is a plain promise',
    );
    expect(codeThrown(() => pool.submit(tell, new Map([["a", pool.submit(add, 1, 2)]])))).toBe("FUTURE_OUT_OF_REACH");
    expect(codeThrown(() => pool.submit(tell, add))).toBe("HANDLE_AS_ARGUMENT");
    expect(codeThrown(() => Reflect.apply(pool.submit, pool, [(n: number) => n, 1]))).toBe("NOT_A_TASK");
    expect(codeThrown(() => Reflect.apply(pool.map, pool, [add, 1, [2]]))).toBe("NOT_A_LIST");
    expect(codeThrown(() => pool.map(add, unmapped(1), unmapped(2)))).toBe("NOTHING_TO_MAP");
    expect(codeThrown(() => flow("f", () => [pool.submit(tell, tell(1))]).check())).toBe("nothing thrown");
    expect(await foreign).toBe(3);
    let ref: unknown;
    await flow("refs", () => {
      ref = add(1, 2);
    }).run();
    expect(codeThrown(() => pool.submit(tell, ref))).toBe("REF_AS_ARGUMENT");
  });

  test("to be opened, and to take a submit, while a flow is built", async () => {
    const pool = await open();
    const [problem] = flow("f", () => {
      add(1, 2);
      void pool.submit(add, 1, 2);
    }).check();
    expect(problem?.code).toBe("FLOW_IN_FLOW");
    const builds = flow("g", () => {
      add(1, 2);
      openPool().catch(() => undefined);
    });
    expect(builds.check()[0]?.code).toBe("FLOW_IN_FLOW");
  });

  test("to be opened while a module is loaded for its tasks: nothing of it ever settles", async () => {
    const settled: unknown[] = [];
    const reached = new Gate();
    const load = { tasks: [], reached: () => reached.open() };
    moduleLoads.current.run(load, () => void openPool().then((pool) => settled.push(pool)));
    await reached.opened;
    await turns();
    expect(settled).toEqual([]);
  });

  test("an executor that is none, or is closed", async () => {
    const closed = new AsyncExecutor();
    await closed.close();
    expect(await codeOf(openPool(closed))).toBe("EXECUTOR_CLOSED");
    expect(await codeOf(Reflect.apply(openPool, undefined, [{}]))).toBe("INVALID_OPTION");
  });
});

describe("cancel", () => {
  test("ends what has not started at once; what depends on it is told [EXEC-9]", async () => {
    const pool = await open(new SequentialExecutor());
    const gate = new Gate();
    const first = pool.submit(task("first", () => gate.opened));
    const second = pool.submit(add, 1, 2);
    const third = pool.submit(add, second, 1);
    const held = pool.submit(
      task("held", (_first: unknown) => 1),
      first,
    );
    expect(second.cancel("not needed")).toBe(true);
    expect(held.cancel()).toBe(true);
    expect([second.state, held.state]).toEqual(["Cancelled", "Cancelled"]);
    expect(await errorOf(second)).toMatchObject({ code: "CANCELLED", message: expect.stringContaining("not needed") });
    expect(await errorOf(third)).toMatchObject({ name: "TriggerFailed", cause: { name: "Cancelled" } });
    expect(second.cancel()).toBe(false);
    gate.open();
    await first;
    expect(first.cancel()).toBe(false);
    expect(first.state).toBe("Success");
  });

  test("asks a task that runs to stop, and its result counts no more", async () => {
    const pool = await open();
    const begun = new Gate<AbortSignal>();
    const gate = new Gate();
    const runs = task("runs", async () => {
      begun.open(context().signal);
      await gate.opened;
      return "a value";
    });
    const future = pool.submit(runs);
    const signal = await begun.opened;
    expect(future.cancel("enough")).toBe(true);
    expect([signal.aborted, signal.reason, future.state]).toEqual([true, "enough", "Running"]);
    gate.open();
    expect(await codeOf(future)).toBe("CANCELLED");
    expect(future.state).toBe("Cancelled");
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test("of a mapped future cancels its children, done ones stay", async () => {
    const pool = await open(new AsyncExecutor({ concurrency: 2 }));
    const gate = new Gate();
    const begun = new Gate();
    const seen: number[] = [];
    const child = task("child", async (n: number) => {
      seen.push(n);
      if (n === 0) return n;
      begun.open();
      await gate.opened;
      return n;
    });
    const mapped = pool.map(child, [0, 1, 2, 3, 4, 5]);
    const each = pool.map(add, mapped, unmapped(1));
    await begun.opened;
    expect(mapped.cancel("no more")).toBe(true);
    gate.open();
    expect(await errorOf(mapped)).toMatchObject({ code: "CANCELLED", message: expect.stringContaining("no more") });
    expect(await errorOf(each)).toMatchObject({ name: "TriggerFailed" });
    expect(await mapped[Symbol.asyncIterator]().next()).toEqual({ done: false, value: 0 });
    expect(seen.length).toBeLessThan(6);
    expect(mapped.cancel()).toBe(false);
  });

  test("of a task that waits to be tried again holds nobody up", async () => {
    const pool = await open();
    const tries = task("tries", { retries: 3, retryDelay: "1h" }, fails.fn);
    const future = pool.submit(tries);
    while (future.state !== "Retrying") await turns(1);
    expect(future.cancel()).toBe(true);
    expect(await codeOf(future)).toBe("CANCELLED");
    await pool.close();
  });
});

describe("a runner that", () => {
  const onRunner = (runner: LocalRunner): ExecutorOver =>
    new ExecutorOver("FaultyExecutor", {
      runner,
      clock: realClock,
      detach: (run) => runner.detach(run),
      ownedBy: (executor) => {
        runner.executor = executor;
      },
      runsCaller: () => false,
    });

  test("cannot start is told by openPool, and by every later one", async () => {
    class Unstartable extends LocalRunner {
      override start(): Promise<void> {
        return Promise.reject(new Error("no room"));
      }
    }
    const executor = onRunner(new Unstartable(1, new LocalValues(), realClock));
    const one = flow("one", () => add(1, 2));
    expect(await errorOf(one.run({}, { executor }))).toMatchObject({ code: "RUNNER_FAULT" });
    expect(await errorOf(openPool(executor))).toMatchObject({ code: "RUNNER_FAULT", message: /no room/ });
    expect(await errorOf(openPool(executor))).toMatchObject({ code: "RUNNER_FAULT" });
    expect(await errorOf(one.run({}, { executor }))).toMatchObject({ code: "RUNNER_FAULT" });
    await executor.close();
  });

  test("breaks off rejects every open future once, and the pool takes nothing more", async () => {
    let breakOff: (error: MillraceError) => void = () => undefined;
    class Breaking extends LocalRunner {
      override start(host: RunnerHost): Promise<void> {
        breakOff = (error) => host.failed(error);
        return super.start(host);
      }
    }
    const pool = await open(onRunner(new Breaking(1, new LocalValues(), realClock)));
    const gate = new Gate();
    const waits = pool.submit(task("waits", () => gate.opened));
    const behind = pool.submit(
      task("behind", (_before: unknown) => 1),
      waits,
    );
    const done = pool.submit(add, 1, 2);
    const open1 = errorOf(waits);
    await turns();
    const fault = new MillraceError("RUNNER_FAULT", "the machine is gone");
    breakOff(fault);
    expect([await open1, await errorOf(behind), await errorOf(done)]).toEqual([fault, fault, fault]);
    expect(behind.state).toBe("Failed");
    expect(codeThrown(() => pool.submit(add, 1, 2))).toBe("POOL_CLOSED");
    gate.open();
    await pool.close();
  });
});

test("a rejection that nobody looks at is no unhandled one", async () => {
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);
  process.on("unhandledRejection", note);
  try {
    const pool = await open();
    void pool.submit(fails);
    const cancelled = pool.submit(add, 1, 2);
    cancelled.cancel();
    await pool.close();
    await turns();
    expect(unhandled).toEqual([]);
  } finally {
    process.off("unhandledRejection", note);
  }
});
