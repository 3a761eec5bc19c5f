import {
  asCompleted,
  AsyncExecutor,
  type Executor,
  flow,
  type Future,
  type MappedFuture,
  MillraceError,
  openPool,
  type Pool,
  SequentialExecutor,
  task,
} from "@millrace/core";
import { afterEach, describe, expect, test } from "vitest";
import { turns } from "../../support/gate.js";

const add = task("add", (a: number, b: number) => a + b);

const codeOf = (promise: PromiseLike<unknown>): Promise<unknown> =>
  Promise.resolve(promise).then(
    (value) => value,
    (error: unknown) => (error instanceof MillraceError ? error.code : String(error)),
  );

const pools: Pool[] = [];
async function open(executor?: Executor): Promise<Pool> {
  const pool = await openPool(executor);
  pools.push(pool);
  return pool;
}
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close("kill");
});

type Wait = (pool: Pool, own: Future<number>, behind: Future<number>) => unknown;
const WAITS: Record<string, Wait> = {
  "its own future": (_pool, own) => own,
  "what needs it": (_pool, _own, behind) => behind,
  "all of both": (_pool, own, behind) => Promise.all([own, behind]),
  "a gathering": (pool, _own, behind) => pool.gather({ behind }),
  "a catch": (_pool, own) => own.catch(() => Promise.reject(new Error("caught"))),
  "the first that is completed": async (_pool, own, behind) => {
    for await (const completed of asCompleted([own, behind])) return completed;
    return undefined;
  },
};

describe.each([
  ["SequentialExecutor", () => new SequentialExecutor()],
  ["AsyncExecutor", () => new AsyncExecutor({ concurrency: 3 })],
])("what would wait for itself, on %s", (_name, make) => {
  test.each(Object.entries(WAITS))("a task that waits for %s is told so", async (how, wait) => {
    const pool = await open(make());
    const known: Future<number>[] = [];
    const waits = task("waits", async (): Promise<number> => {
      const [own, behind] = known;
      if (own === undefined || behind === undefined) return -1;
      await wait(pool, own, behind);
      return 1;
    });
    const own = pool.submit(waits);
    const behind = pool.submit(add, pool.submit(add, own, 1), 1);
    known.push(own, behind);
    expect(await codeOf(own)).toBe(how === "a catch" ? "Error: caught" : "WAITS_FOR_ITSELF");
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test("a task may leave a handler on what needs it", async () => {
    const pool = await open(make());
    const seen: number[] = [];
    const leaves = task("leaves", (): number => {
      void behind.then((value) => seen.push(value));
      return 1;
    });
    const behind: Future<number> = pool.submit(add, pool.submit(leaves), 1);
    await behind;
    await turns();
    expect(seen).toEqual([2]);
  });

  test("a child that waits for its whole map is told so", async () => {
    const pool = await open(make());
    let map: MappedFuture<number> | undefined;
    const whole = task("whole", async (x: number): Promise<number> => ((await map)?.length ?? 0) + x);
    map = pool.map(whole, [1, 2]);
    expect(await codeOf(map)).toBe("WAITS_FOR_ITSELF");
    const reads = task("reads", async (x: number): Promise<number> => {
      for await (const element of map ?? []) return element + x;
      return x;
    });
    map = pool.map(reads, [1, 2]);
    expect(await codeOf(map)).toBe("WAITS_FOR_ITSELF");
  });

  test("a task may wait for what it submits", async () => {
    const pool = await open(make());
    const nested = task("nested", (): Promise<number> => pool.gather(pool.submit(add, pool.submit(add, 1, 2), 3)));
    expect(await pool.submit(nested)).toBe(6);
  });

  test.each([
    ["the pool's executor", true],
    ["an executor of its own", false],
  ])("a flow on %s that a task runs cannot close the task's pool, or its executor", async (_, isShared) => {
    const executor = make();
    const pool = await open(executor);
    const inside = (close: () => Promise<void>) => {
      const closes = task("closes", () => codeOf(close()));
      const inner = flow("inner", () => closes());
      return pool.submit(task("outer", () => inner.run({}, isShared ? { executor } : {})));
    };
    expect(await codeOf(inside(() => pool.close()))).toBe("CLOSE_INSIDE");
    expect(await codeOf(inside(() => executor.close()))).toBe("CLOSE_INSIDE");
    expect(await pool.submit(add, 1, 2)).toBe(3);
  });

  test("a task of another executor lends the slot of the task that waits for it", async () => {
    const pool = await open(make());
    const asks = task("asks", (): Promise<number> => pool.gather(pool.submit(add, 1, 2)));
    const inner = flow("inner", () => asks());
    const outer = task("outer", () => inner.run());
    expect(await pool.gather(Array.from({ length: 10 }, () => pool.submit(outer)))).toEqual(Array(10).fill(3));
  });

  test("a run that a task left behind may close the pool", async () => {
    const pool = await open(make());
    let closed: Promise<unknown> | undefined;
    let go: (() => void) | undefined;
    const gate = new Promise<void>((resolve) => {
      go = resolve;
    });
    const closes = task("closes", async () => {
      await gate;
      await pool.close();
    });
    const inner = flow("inner", () => closes());
    await pool.submit(
      task("leaves", () => {
        closed = inner.run();
        return 1;
      }),
    );
    go?.();
    expect(await closed).toBeUndefined();
  });
});
