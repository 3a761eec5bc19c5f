// What is lost is made again when somebody wants it, and not before; what cannot be made again fails who needs it.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  context,
  type FinishedRun,
  flow,
  type FlowRun,
  loop,
  openPool,
  param,
  skip,
  task,
  unmapped,
} from "@millrace/core";
import { CHILD_BASE } from "@millrace/core/pure";
import { flowRunId } from "@millrace/core/seam";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";
import { LosingExecutor } from "../../support/losing-executor.js";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");
const collect = async (): Promise<void> => {
  if (typeof gc === "function") Reflect.apply(gc, undefined, []);
  await turns(5);
};

const one = task("one", (): number => 1);
const add = task("add", (a: number, b: number) => a + b);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
const died = { end: "died", cause: { name: "WorkerDied", message: "the worker died" } } as const;

const rowOf = (run: FinishedRun<unknown> | FlowRun<unknown>): ReturnType<typeof flowRunId> => flowRunId(run.id);
const codeOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    (value) => value,
    (error: unknown) => Reflect.get(Object(error), "code"),
  );

const codeAndWords = (promise: Promise<unknown>): Promise<string> =>
  promise.then(String, (error: unknown) => String(Reflect.get(Object(error), "message")));

test("a lost value is made again when it is asked for, and what it is made of first; states stay [DIST-2]", async () => {
  const executor = new LosingExecutor();
  const chain = flow("chain", () => add(add(one(), 1), 10));
  const run = await chain.start({}, { executor, keepResults: "all" }).done;
  expect(executor.ran).toEqual(["one", "add", "add"]);
  executor.lose(rowOf(run), 0, 8);
  expect(await run.resultOf("add-2")).toBe(12);
  expect(executor.ran.slice(3)).toEqual(["one", "add", "add"]);
  // The others are there again too: the remake of the last one had them made.
  expect(await run.resultOf("one-1")).toBe(1);
  expect(executor.ran).toHaveLength(6);
  expect(run.states.get("add-2")).toBe("Success");
  await executor.close();
});

test("one remake serves all who wait, questions as well [DIST-2]", async () => {
  const executor = new LosingExecutor();
  const run = await flow("few", () => add(one(), 1)).start({}, { executor, keepResults: "all" }).done;
  executor.lose(rowOf(run), 0, 4);
  const asked = Array.from({ length: 5 }, () => run.resultOf("one-1"));
  expect(await Promise.all(asked)).toEqual([1, 1, 1, 1, 1]);
  expect(executor.ran.filter((name) => name === "one")).toHaveLength(2);
  await executor.close();
});

test("it is made again by the try that succeeded, and of a loop by the last iteration", async () => {
  const executor = new LosingExecutor();
  const tries = task("tries", { retries: 2 }, (): number => {
    const { runCount } = context();
    if (runCount < 3) throw new Error("not yet");
    return runCount;
  });
  const loops = task("loops", (): number | never => {
    const n = context().loopValue(0);
    return n < 3 ? loop(n + 1) : n * 10;
  });
  const run = await flow("numbers", () => [tries(), loops()]).start({}, { executor, keepResults: "all" }).done;
  const before = executor.ran.length;
  executor.lose(rowOf(run), 0, 4);
  expect(await run.resultOf("tries-1")).toBe(3);
  expect(await run.resultOf("loops-1")).toBe(30);
  expect(executor.ran.length - before).toBe(2);
  await executor.close();
});

test("a task that may not run again, fails this time, or dies each time leaves VALUE_LOST, with the evidence", async () => {
  let isSecond = false;
  const never = task("never", { rerun: "never" }, () => 1);
  const fickle = task("fickle", () => {
    if (isSecond) throw new Error("not twice");
    return 1;
  });
  const skipper = task("skipper", () => (isSecond ? skip("not twice") : 1));
  const dies = task("dies", { deaths: 2 }, () => 1);
  const executor = new LosingExecutor(4, (name) => (isSecond && name === "dies" ? died : undefined));
  const all = flow("all", () => [never(), fickle(), skipper(), dies()]);
  const run = await all.start({}, { executor, keepResults: "all" }).done;
  isSecond = true;
  executor.lose(rowOf(run), 0, 8);
  for (const [slug, words] of [
    ["never-1", 'rerun: "never"'],
    ["fickle-1", "not twice"],
    ["skipper-1", "skip()"],
    ["dies-1", "died 2 times"],
  ] as const) {
    await expect(run.resultOf(slug)).rejects.toMatchObject({
      code: "VALUE_LOST",
      message: expect.stringContaining(words),
    });
    expect(run.states.get(slug)).toBe("Success");
  }
  await executor.close();
});

test("who needs a value that is gone fails with ValueLost, what is behind by its trigger; the others go on", async () => {
  const opened = new Gate();
  const [later, never] = [
    task("later", async () => {
      await opened.opened;
      return 1;
    }),
    task("never", { rerun: "never" }, () => 5),
  ];
  const executor = new LosingExecutor(4);
  const wants = flow("wants", () => {
    const [base, slow] = [never(), later()];
    const needs = add(base, slow);
    return {
      behind: add(needs, 1),
      each: add.map([1, 2], unmapped(add(slow, 1))),
      lost: add.map([slow, 2], unmapped(base)),
    };
  });
  const run = wants.start({}, { executor, keepResults: "all" });
  await turns();
  executor.lose(rowOf(run), 0, 1);
  opened.open();
  const finished = await run.done;
  expect(finished.states.get("add-1")).toBe("Failed");
  expect(() => finished.value).toThrow(/was lost and cannot be made again/);
  expect(finished.states.get("add-2")).toBe("TriggerFailed");
  expect(["Success", "Success"]).toEqual([0, 1].map((i) => finished.states.get("add-4", i)));
  expect(["Failed", "Failed"]).toEqual([0, 1].map((i) => finished.states.get("add-5", i)));
  await executor.close();
});

test("a value whose every remake dies fails all who need it, with the value, each death and what to do", async () => {
  const opened = new Gate();
  let deaths = 0;
  const fate = (name: string, { attempt }: { readonly attempt: number }) => {
    if (name !== "dies" || attempt === 1) return undefined;
    const message = `worker ${++deaths} ran out of memory`;
    return { end: "died", cause: { name: "WorkerDied", code: "OUT_OF_MEMORY", message } } as const;
  };
  const executor = new LosingExecutor(4, fate);
  const later = task("later", () => opened.opened.then(() => 1));
  const dies = task("dies", { deaths: 3 }, () => 5);
  const needs = flow("needs", () => {
    const [base, slow] = [dies(), later()];
    return [add(base, slow), add.map([slow, 2], unmapped(base)), add(slow, 1)] as const;
  });
  const run = needs.start({}, { executor });
  await turns();
  executor.lose(rowOf(run), 0, 1);
  opened.open();
  const finished = await run.done;
  expect(deaths).toBe(3);
  const message =
    'the value of "dies-1" was lost and cannot be made again: what ran it died 3 times: 1. worker 1 ran out of memory; ' +
    "2. worker 2 ran out of memory; 3. worker 3 ran out of memory; look for what ends it (memory, an exit), or allow more " +
    "with the option deaths of its task";
  for (const [slug, index] of [["add-1"], ["add-2", 0], ["add-2", 1]] as const) {
    expect(finished.states.get(slug, index)).toBe("Failed");
    expect(await codeAndWords(finished.resultOf(slug, index))).toContain(message);
  }
  expect(finished.states.get("add-3")).toBe("Success");
  expect(finished.states.get("dies-1")).toBe("Success");
  expect(await codeOf(finished.resultOf("dies-1"))).toBe("VALUE_LOST");
  expect((await run.explain("dies-1")).split("\n").filter((line) => line.includes("what ran it died"))).toHaveLength(3);
  expect(await run.explain("add-1")).toMatch(
    /ended as Failed: the value of "dies-1"(.*\n)+.*-> Failed: an input was lost/,
  );
  await executor.close();
});

test("a map that is half sent goes on when what its children share has a new name", async () => {
  let runId = "";
  const shared = task("shared", () => [100]);
  const executor: LosingExecutor = new LosingExecutor(1, (name, work) => {
    if (name !== "with" || work.index !== 3 || work.attempt > 1) return undefined;
    executor.lose(flowRunId(runId), 0);
    return { end: "givenBack", missing: [{ first: 0, count: 1, attempt: 1 }] };
  });
  const withShared = task("with", (x: number, [y = 0]: readonly number[]) => x + y);
  const half = flow("half", () => sum(withShared.map([1, 2, 3, 4, 5, 6], unmapped(shared()))));
  const run = half.start({}, { executor });
  runId = run.id;
  expect((await run.done).value).toBe(621);
  expect(executor.ran.filter((name) => name === "shared")).toHaveLength(2);
  await executor.close();
});

test("children of a map that are lost are made again one by one, for whoever reads them all or one", async () => {
  const executor = new LosingExecutor();
  const double = task("double", (x: number) => 2 * x);
  const wide = flow("wide", () => {
    const doubled = double.map([1, 2, 3, 4, 5]);
    return [sum(doubled), double.map(doubled)] as const;
  });
  const run = await wide.start({}, { executor, keepResults: "all" }).done;
  expect(run.value).toEqual([30, [4, 8, 12, 16, 20]]);
  executor.lose(rowOf(run), CHILD_BASE + 1, 2);
  const before = executor.ran.length;
  expect(await run.resultOf("double-1")).toEqual([2, 4, 6, 8, 10]);
  expect(executor.ran.length - before).toBe(2);
  executor.lose(rowOf(run), CHILD_BASE, 5);
  executor.lose(rowOf(run), CHILD_BASE + 4096, 5);
  expect(await run.resultOf("double-2", 3)).toBe(16);
  expect(executor.ran.length - before).toBe(4);
  await executor.close();
});

test("a hint that is wrong, late or of another attempt changes nothing; one that is right has nothing made", async () => {
  const executor = new LosingExecutor();
  const run = await flow("hints", () => add(one(), 1)).start({}, { executor, keepResults: "all" }).done;
  for (const value of [
    { first: 0, count: 1, attempt: 7 },
    { first: 5000, count: 9, attempt: 1 },
    { first: CHILD_BASE, count: 3, attempt: 1 },
  ])
    executor.tellLost(rowOf(run), [value]);
  expect(await run.resultOf("one-1")).toBe(1);
  executor.tellLost(rowOf(run), [{ first: 0, count: 1, attempt: 1 }]);
  expect(executor.ran).toEqual(["one", "add"]);
  // What is marked is let go by its name: it is made again, though a copy was there.
  expect(await run.resultOf("one-1")).toBe(1);
  expect(executor.ran).toEqual(["one", "add", "one"]);
  await executor.close();
});

test("a value that was put from outside is never lost: a runner that says so is at fault", async () => {
  const executor = new LosingExecutor();
  const opened = new Gate();
  const waits = task("waits", () => opened.opened);
  const run = flow("put", { params: { n: param<number>() } }, (p) => add.with({ upstream: [waits()] })(p.n, 1));
  const started = run.start({ n: 4 }, { executor });
  const end = started.done.catch((error: unknown) => error);
  executor.tellLost(rowOf(started), [{ first: 0, count: 1, attempt: 0 }]);
  opened.open();
  expect(await end).toMatchObject({ code: "RUNNER_FAULT", message: expect.stringContaining("put from outside") });
  await executor.close("kill");
});

test("what waits for a lost value says so, and a run that is cancelled meanwhile ends", async () => {
  const [first, second] = [new Gate(), new Gate()];
  let isSecond = false;
  const slow = task("slow", async () => {
    if (isSecond) await second.opened;
    return 1;
  });
  const blocks = task("blocks", () => first.opened);
  const executor = new LosingExecutor();
  const both = flow("both", () => add.with({ upstream: [blocks()] })(slow(), 1));
  const run = both.start({}, { executor });
  await turns();
  isSecond = true;
  executor.lose(rowOf(run), 0, 2);
  first.open();
  await turns();
  expect(await run.explain("add-1")).toMatch(/^add-1 waits for slow-1: the value was lost and is being made again\n/);
  run.cancel("enough");
  second.open();
  const finished = await run.done;
  expect(finished.state).toBe("Cancelled");
  expect(finished.states.get("slow-1")).toBe("Success");
  expect(await codeOf(finished.resultOf("slow-1"))).toBe("VALUE_LOST");
  await executor.close();
});

test("a pool makes again what a future needs, long after what that was made of was let go", async () => {
  const executor = new LosingExecutor();
  const pool = await openPool(executor);
  let last = pool.submit(one);
  for (let i = 0; i < 20; i++) last = pool.submit(add, last, 1);
  const held = last;
  expect(await held).toBe(21);
  const before = executor.ran.length;
  for (const [run] of Reflect.get(executor.values, "runs")) executor.lose(run, 0, 64);
  expect(await pool.submit(add, held, 1)).toBe(22);
  // The whole chain but what was held, and the new one.
  expect(executor.ran.length - before).toBe(22);
  await pool.close();
  await executor.close();
});

test("a cancelled map of a pool that is let go while its children wait for lost values leaves the pool as it is", async () => {
  const executor = new LosingExecutor();
  const pool = await openPool(executor);
  const again = new Gate();
  let isAgain = false;
  const make = task("make", async (x: number) => {
    if (isAgain) await again.opened;
    return x;
  });
  const twice = task("twice", (x: number) => 2 * x);
  const made = pool.map(make, [1, 2, 3]);
  expect(await made).toEqual([1, 2, 3]);
  isAgain = true;
  for (const [run] of Reflect.get(executor.values, "runs")) executor.lose(run, CHILD_BASE, 3);
  // In a function of its own: nobody has a handle of the map afterwards.
  const cancelWhileItWaits = async (): Promise<void> => {
    const doubled = pool.map(twice, made);
    await turns(20);
    doubled.cancel();
    await doubled.catch(() => undefined);
  };
  await cancelWhileItWaits();
  for (let i = 0; i < 5; i++) await collect();
  again.open();
  expect(await pool.submit(sum, made)).toBe(6);
  await pool.close();
  await executor.close();
});

test("a child that waits for a lost value leaves its place to another one", async () => {
  const [gate, again] = [new Gate(), new Gate()];
  let isAgain = false;
  const make = task("make", async (x: number) => {
    if (isAgain && x === 0) await again.opened;
    return x;
  });
  const started: number[] = [];
  const use = task("use", { maxConcurrency: 1 }, async (x: number) => {
    started.push(x);
    await gate.opened;
    return x;
  });
  const blocks = task("blocks", () => gate.opened);
  const executor = new LosingExecutor(4);
  const run = flow("places", () => use.with({ upstream: [blocks()] }).map(make.map([0, 1, 2]))).start({}, { executor });
  await turns(20);
  isAgain = true;
  executor.lose(rowOf(run), CHILD_BASE, 1);
  executor.tellLost(rowOf(run), [{ first: CHILD_BASE, count: 1, attempt: 1 }]);
  gate.open();
  await turns(20);
  expect(started).toContain(2);
  again.open();
  expect((await run.done).value).toEqual([0, 1, 2]);
  await executor.close();
});

test("values made again make no template anew for works that each read one of them", async () => {
  const executor = new LosingExecutor();
  const same = task("same", (x: number) => x);
  const run = await flow("named", () => same.map(same.map([0, 1, 2, 3, 4, 5, 6, 7]))).start(
    {},
    { executor, keepResults: "all" },
  ).done;
  const before = executor.templates.size;
  for (const map of [0, 1]) executor.lose(rowOf(run), CHILD_BASE + 4096 * map, 8);
  expect(await run.resultOf("same-2")).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(executor.ran).toHaveLength(32);
  // One a map: it was let go when the map was complete.
  expect(executor.templates.size).toBe(before + 2);
  await executor.close();
});
