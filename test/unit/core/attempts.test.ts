// One task at a time: retries, loops, signals, context, and whatever user code can throw.
import { AsyncExecutor, context, fail, flow, isSignal, loop, SequentialExecutor, skip, task } from "@millrace/core";
import { expect, test } from "vitest";
import { clockedExecutor } from "../../support/clocked-executor.js";
import { turns } from "../../support/gate.js";
import { ManualClock } from "../../support/manual-clock.js";

const once = { executor: new SequentialExecutor() };

test("n retries allow n + 1 tries, counted from 1 [RETRY-1]", async () => {
  const seen: number[] = [];
  const flaky = task("flaky", { retries: 2 }, () => {
    seen.push(context().runCount);
    throw new Error("no");
  });
  const run = await flow("f", () => flaky()).start({}, once).done;
  expect(seen).toEqual([1, 2, 3]);
  expect(run.states.get("flaky-1")).toBe("Failed");
  expect(run.state).toBe("Failed");
});

test("a retry waits in the scheduler and holds no slot [RETRY-7] [RETRY-2]", async () => {
  const clock = new ManualClock();
  const order: string[] = [];
  const flaky = task("flaky", { retries: 1, retryDelay: "1h" }, () => {
    order.push(`flaky ${context().runCount}`);
    if (context().runCount === 1) throw new Error("no");
    return 1;
  });
  const other = task("other", () => {
    order.push("other");
  });
  const build = flow("f", () => {
    flaky();
    other();
    other();
  });
  const run = build.start({}, { executor: clockedExecutor(clock) });
  await turns();
  expect(order).toEqual(["flaky 1", "other", "other"]);
  expect(clock.nextInMs).toBe(3_600_000);
  expect(await run.explain("flaky-1")).toContain("is tried again in 3600000 ms");
  expect(run.summary().Retrying).toBe(1);
  clock.advance(3_600_000);
  expect((await run.done).state).toBe("Success");
  expect(order.at(-1)).toBe("flaky 2");
});

test("while a task waits for its retry, downstream tasks stay Pending and keep their inputs [RETRY-5]", async () => {
  const clock = new ManualClock();
  const start = task("start", () => ({ big: true }));
  const flaky = task("flaky", { retries: 1, retryDelay: 1000 }, (x: { big: boolean }) => {
    if (context().runCount === 1) throw new Error("no");
    return x;
  });
  const after = task("after", (x: { big: boolean }) => x.big);
  const build = flow("f", () => after(flaky(start())));
  const run = build.start({}, { executor: clockedExecutor(clock), keepResults: "returned" });
  await turns();
  expect(run.summary()).toMatchObject({ Success: 1, Retrying: 1, Pending: 1 });
  clock.advance(1000);
  expect((await run.done).value).toBe(true);
});

test("a mapped child is retried alone, its siblings go on [RETRY-6]", async () => {
  const clock = new ManualClock();
  const flaky = task("flaky", { retries: 1, retryDelay: 1000 }, (x: number) => {
    if (x === 1 && context().runCount === 1) throw new Error("no");
    return x * 10;
  });
  const next = task("next", (x: number) => x + 1);
  const run = flow("f", () => next.map(flaky.map([0, 1, 2]))).start({}, { executor: clockedExecutor(clock) });
  await turns();
  expect(run.summary()).toMatchObject({ Success: 4, Retrying: 1, Pending: 1 });
  clock.advance(1000);
  expect((await run.done).value).toEqual([1, 11, 21]);
});

test("fail() is an error like any other and is retried [SIG-4] [RETRY-3]", async () => {
  const failing = task("failing", { retries: 1 }, () => (context().runCount === 1 ? fail("not yet") : "done"));
  expect(await flow("f", () => failing()).run({}, once)).toBe("done");
});

test("a trigger that does not hold is not retried [TRIG-5]", async () => {
  const bad = task("bad", () => fail("no"));
  const after = task("after", { retries: 3 }, (x: unknown) => x);
  const run = await flow("f", () => after(bad())).start({}, once).done;
  expect(run.states.get("after-1")).toBe("TriggerFailed");
});

test("a loop goes on with what it left, without recursion [LOOP-1] [LOOP-2]", async () => {
  const seen: [number, number][] = [];
  const count = task("count", (): number => {
    const { loopCount } = context();
    const value = context().loopValue(0);
    if (value < 3) seen.push([loopCount, value]);
    return value < 20_000 ? loop(value + 1) : value;
  });
  expect(await flow("f", () => count()).run({}, once)).toBe(20_000);
  expect(seen).toEqual([
    [1, 0],
    [2, 1],
    [3, 2],
  ]);
});

test("each iteration has its own run count, and a retry resumes at the same one [LOOP-3]", async () => {
  const seen: string[] = [];
  const step = task("step", { retries: 1 }, (): string => {
    const { runCount, loopCount } = context();
    const value = context().loopValue("a");
    seen.push(`${loopCount}${value}${runCount}`);
    if (runCount === 1) throw new Error("no");
    return loopCount < 3 ? loop(`${value}a`) : value;
  });
  expect(await flow("f", () => step()).run({}, once)).toBe("aaa");
  expect(seen).toEqual(["1a1", "1a2", "2aa1", "2aa2", "3aaa1", "3aaa2"]);
});

test("a loop goes round for each child of a map by itself [LOOP-4]", async () => {
  const upTo = task("up-to", (n: number): number => {
    const value = context().loopValue(0);
    return value < n ? loop(value + 1) : value * 10;
  });
  expect(await flow("f", () => upTo.map([3, 0, 2])).run({}, { executor: new AsyncExecutor() })).toEqual([30, 0, 20]);
});

test("skip ends the task as Skipped, with its reason [SIG-1]", async () => {
  const none = task("none", (): number => skip("nothing to do"));
  const run = await flow("f", () => {
    none();
  }).start({}, once).done;
  expect(run.states.get("none-1")).toBe("Skipped");
  expect(run.state).toBe("Success");
});

test("a signal that a catch swallowed fails the attempt; one that is let through does not [SIG-2]", async () => {
  const swallowing = task("swallowing", () => {
    try {
      return skip("no");
    } catch {
      return "went on";
    }
  });
  const passing = task("passing", () => {
    try {
      return skip("no");
    } catch (error) {
      if (isSignal(error)) throw error;
      return "went on";
    }
  });
  const run = await flow("f", () => {
    swallowing();
    passing();
  }).start({}, once).done;
  expect(run.states.get("passing-1")).toBe("Skipped");
  expect(run.states.get("swallowing-1")).toBe("Failed");
  await expect(run.resultOf("swallowing-1")).rejects.toThrow(/swallowed a signal/);
});

const hostile: readonly [string, () => unknown][] = [
  ["a string", () => "text"],
  ["null", () => null],
  ["undefined", () => undefined],
  ["a symbol", () => Symbol("s")],
  ["a frozen object", () => Object.freeze({ a: 1 })],
  ["a function", () => () => 1],
  [
    "a proxy that refuses everything",
    () =>
      new Proxy(
        {},
        {
          get: () => {
            throw new Error("get");
          },
          has: () => {
            throw new Error("has");
          },
          getPrototypeOf: () => {
            throw new Error("proto");
          },
        },
      ),
  ],
  [
    "an error whose getters throw",
    () =>
      Object.defineProperties(new Error("x"), {
        message: { get: () => fail("message") },
        stack: { get: () => fail("stack") },
        name: { get: () => fail("name") },
      }),
  ],
  ["an error with a huge message", () => new Error("x".repeat(1_000_000))],
];
for (const [what, make] of hostile) {
  for (const kind of ["thrown", "rejected"] as const) {
    test(`${what}, ${kind}, is a typed failure [PIPE-2] [U1]`, async () => {
      const bad = task("bad", kind === "thrown" ? () => raise(make()) : async () => raise(make()));
      const run = await flow("f", () => bad()).start({}, once).done;
      expect(run.states.get("bad-1")).toBe("Failed");
      expect(run.state).toBe("Failed");
      expect(() => run.value).toThrow(/bad-1/);
    });
  }
}
function raise(thrown: unknown): never {
  throw thrown;
}

test("a thenable whose then throws is a failure", async () => {
  const bad = task("bad", () =>
    Object.defineProperty({}, ["th", "en"].join(""), {
      get: () => fail("then"),
    }),
  );
  expect((await flow("f", () => bad()).start({}, once).done).states.get("bad-1")).toBe("Failed");
});

test("a task may return undefined, null, functions and promises of thenables", async () => {
  const nothing = task("nothing", () => undefined);
  const later = task("later", () => Promise.resolve("x"));
  const build = flow("f", () => ({ n: nothing(), l: later() }));
  expect(await build.run({}, once)).toEqual({ n: undefined, l: "x" });
});

test("the context tells names, index, parameters, and nothing outside a task [CTX-1]", async () => {
  const tell = task("tell", { tags: ["b", "a"] }, (_x: number) => {
    const { flowName, taskName, taskSlug, mapIndex, tags, runCount, loopCount, cancelled } = context();
    return { flowName, taskName, taskSlug, mapIndex, tags: [...tags], runCount, loopCount, cancelled };
  });
  const [, second] = await flow("told", () => tell.map([1, 2])).run({}, once);
  expect(second).toEqual({
    flowName: "told",
    taskName: "tell",
    taskSlug: "tell-a-b-1",
    mapIndex: 1,
    tags: ["a", "b"],
    runCount: 1,
    loopCount: 1,
    cancelled: false,
  });
  expect(context()).toMatchObject({ runCount: 1, mapIndex: undefined, taskName: "" });
  expect(context().loopValue(7)).toBe(7);
});

test("the context is the task's own across awaits, 16 at a time", async () => {
  const tell = task("tell", async (x: number) => {
    for (let i = 0; i < x % 5; i++) await new Promise((resolve) => setImmediate(resolve));
    return context().mapIndex === x;
  });
  const all = await flow("f", () => tell.map(Array.from({ length: 100 }, (_, i) => i))).run();
  expect(all.every(Boolean)).toBe(true);
});

test("what a task throws keeps its own stack: the first frame is the user's function [LOCAL-2]", async () => {
  const broken = task("broken", function brokenByUser() {
    throw new Error("here");
  });
  const error = await flow("f", () => broken())
    .run({}, once)
    .catch((thrown: unknown) => thrown);
  const [cause] =
    error !== null && typeof error === "object" && "causes" in error && Array.isArray(error.causes) ? error.causes : [];
  expect(String(cause instanceof Error ? cause.stack?.split("\n")[1] : "")).toContain("brokenByUser");
});
