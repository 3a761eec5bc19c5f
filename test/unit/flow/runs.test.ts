import {
  AsyncExecutor,
  FlowCancelled,
  FlowFailed,
  InvalidParams,
  ResultMissing,
  ResultReleased,
  SequentialExecutor,
  context,
  flow,
  ifElse,
  isFailed,
  param,
  referenceTasks,
  settled,
  settledEach,
  skip,
  succeeded,
  task,
  unmapped,
  when,
} from "@millrace/core";
import { describe, expect, test } from "vitest";

const inc = task("inc", (x: number) => x + 1);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
const evens = task("evens", async (x: number) => {
  if (x < 0) throw new RangeError(`below zero: ${x}`);
  return x % 2 === 0 ? x : skip("odd");
});
const xs = { xs: param<number[]>() };
const errorOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "no error",
    (error: unknown) => error,
  );

describe("run", () => {
  test("gives the value that the function returned, in its shape", async () => {
    const shapes = flow("shapes", { params: xs }, (p) => {
      const more = inc.map(p.xs);
      return { more, total: sum(more), list: [sum([1, 2]), { two: inc(1) }] as const, text: "x" };
    });
    expect(await shapes.run({ xs: [1, 2] })).toEqual({ more: [2, 3], total: 5, list: [3, { two: 2 }], text: "x" });
    expect(await shapes.run({ xs: [] }, { executor: new SequentialExecutor() })).toMatchObject({ more: [], total: 0 });
  });

  test("takes the flow's executor, or the one given", async () => {
    const seen: string[] = [];
    const watched = (name: string) => {
      const executor = new SequentialExecutor();
      const open = executor.open.bind(executor);
      return Object.assign(executor, { open: (request: never) => (seen.push(name), open(request)) });
    };
    const own = flow("own", { executor: watched("own") }, () => inc(1));
    await own.run();
    await own.run({}, { executor: watched("given") });
    expect(seen).toEqual(["own", "given"]);
    expect(() => own.start({}, { executor: AsyncExecutor as never })).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  });

  test("rejects with the errors behind a failed reference task, and names the first with its task", async () => {
    const chain = flow("chain", { params: xs }, (p) => sum(inc.map(evens.map(p.xs))));
    const error = await errorOf(chain.run({ xs: [2, -1, -2] }));
    expect(error).toBeInstanceOf(FlowFailed);
    if (!(error instanceof FlowFailed)) return;
    expect(error.code).toBe("FLOW_FAILED");
    expect(error.message).toMatch(
      /^the flow "chain" failed: "evens-1\[1\]" failed with RangeError: below zero: -1 \(and 1 more\)/,
    );
    expect(error.causes).toEqual([new RangeError("below zero: -1"), new RangeError("below zero: -2")]);
    expect(error.cause).toBe(error.causes[0]);
    expect(error.run.state).toBe("Failed");
    expect(error.run.states.get("sum-1")).toBe("TriggerFailed");
  });

  test("names at most 20 causes", async () => {
    const all = flow("all", { params: xs }, (p) => evens.map(p.xs));
    const error = await errorOf(all.run({ xs: Array.from({ length: 50 }, (_, i) => -1 - i) }));
    expect(error).toMatchObject({ causes: { length: 20 } });
  });

  test("takes a trigger that did not hold for a cause where nothing upstream failed", async () => {
    const onFailure = flow("on-failure", () => sum.with({ trigger: "anyFailed" })([inc(1)]));
    const error = await errorOf(onFailure.run());
    expect(error).toMatchObject({
      message: expect.stringMatching(
        /"sum-1" failed with TriggerFailed: its trigger anyFailed does not hold/,
      ) as unknown,
    });
  });

  test("does not tell of failures that were taken as values", async () => {
    const rescued = flow("rescued", { params: { x: param<number>() } }, (p) => {
      const first = evens(p.x);
      return ifElse(
        isFailed(settled(first)),
        () => inc(0),
        () => first,
      );
    });
    expect(await rescued.run({ x: -1 })).toBe(1);
    expect(await rescued.run({ x: 4 })).toBe(4);
  });

  test("shares one graph: a hundred at once", async () => {
    const executor = new AsyncExecutor();
    const one = flow("one", { params: { x: param<number>() }, executor }, (p) => inc(p.x));
    const values = await Promise.all(Array.from({ length: 100 }, (_, x) => one.run({ x })));
    expect(values).toEqual(Array.from({ length: 100 }, (_, x) => x + 1));
  });

  test("inside a task, on the same executor of one slot, works in that task's slot", async () => {
    const executor = new SequentialExecutor();
    const inner = flow("inner", { executor }, () => inc(inc(1)));
    const outer = flow("outer", { executor }, () => task("nest", () => inner.run())());
    expect(await outer.run()).toBe(3);
  });
});

describe("start", () => {
  test("gives a run that is no thenable, with an id and a name of its own", async () => {
    const one = flow("one", () => task("names", () => context().runName)());
    const run = one.start();
    expect("then" in run).toBe(false);
    expect(run.id).toMatch(/^[\da-f]{32}$/);
    expect(run.name).toMatch(/^one-[\da-f]{8}$/);
    const finished = await run.done;
    expect([finished.id, finished.name, finished.value]).toEqual([run.id, run.name, run.name]);
  });

  test("throws at once for wrong parameters", () => {
    const strict = flow("strict", { params: xs }, (p) => sum(p.xs));
    expect(() => strict.start({} as never)).toThrow(InvalidParams);
  });

  test("counts task runs by state, a map as its children", async () => {
    const map = flow("map", { params: xs }, (p) => sum(succeeded(evens.map(p.xs))));
    const run = map.start({ xs: [1, 2, -3] });
    expect(Object.values(run.summary()).reduce((a, b) => a + b)).toBeGreaterThan(0);
    await run.done;
    expect(run.summary()).toEqual({
      Pending: 0,
      Running: 0,
      Retrying: 0,
      Looped: 0,
      Success: 2,
      Mapped: 0,
      Skipped: 1,
      Failed: 1,
      TriggerFailed: 0,
      Cancelled: 0,
      TimedOut: 0,
    });
  });

  test("explains, and knows its slugs", async () => {
    const map = flow("map", { params: xs }, (p) => evens.map(p.xs));
    const run = map.start({ xs: [2] });
    expect(await run.explain("evens-1")).toMatch(/evens-1/);
    await run.done;
    expect(await run.explain("evens-1", 0)).toMatch(/evens-1\[0\].*Success/);
    for (const index of ["0", -1, 0.5])
      await expect(Reflect.apply(run.explain, run, ["evens-1", index])).rejects.toMatchObject({
        code: "INVALID_OPTION",
      });
    await expect(run.explain("evens-2")).rejects.toThrow(/"evens-2".*There are evens-1/);
  });
});

describe("changes", () => {
  test("come in batches, and end with the run; several readers see the same", async () => {
    const map = flow("map", { params: xs }, (p) => sum(inc.map(p.xs)));
    const run = map.start({ xs: [1, 2, 3] });
    const read = async () => {
      const all: string[] = [];
      for await (const batch of run.changes()) {
        expect(batch.length).toBeGreaterThan(0);
        for (const { slug, index, count, state } of batch) all.push(`${slug} ${index ?? ""}+${count} ${state}`);
      }
      return all;
    };
    const [first, second] = await Promise.all([read(), read()]);
    expect(first).toEqual(second);
    expect(first.at(-1)).toBe("sum-1 +1 Success");
    const children = first.filter((line) => /^inc-1 \d+\+\d+ Success$/.test(line));
    expect(children.length).toBeGreaterThan(0);
    expect((await run.done).value).toBe(9);
  });

  test("come at most once a turn", async () => {
    const many = flow("many", () => {
      for (let i = 0; i < 50; i++) inc(i);
    });
    let turn = 0;
    let isCounting = true;
    const count = () => {
      turn++;
      if (isCounting) setImmediate(count);
    };
    count();
    const turns: number[] = [];
    for await (const _batch of many.start().changes()) turns.push(turn);
    isCounting = false;
    expect(new Set(turns).size).toBe(turns.length);
  });

  test("can be left, and read again", async () => {
    const waits = flow("waits", () =>
      inc(task("wait", () => new Promise<number>((done) => setTimeout(done, 20, 1)))()),
    );
    const run = waits.start();
    for await (const _batch of run.changes()) break;
    const rest: string[] = [];
    for await (const batch of run.changes()) rest.push(...batch.map(({ slug }) => slug));
    expect(rest).toContain("inc-1");
    for await (const _batch of run.changes()) expect.unreachable();
  });
});

describe("a cancelled run", () => {
  const forever = task("forever", () => {
    const { signal } = context();
    return new Promise<number>((_done, failed) => signal.addEventListener("abort", () => failed(new Error("told"))));
  });
  const long = flow("long", () => inc(forever()));

  test("ends as Cancelled, run rejects with FlowCancelled and the reason", async () => {
    const run = long.start();
    run.cancel("enough");
    const finished = await run.done;
    expect(finished.state).toBe("Cancelled");
    expect(finished.states.get("inc-1")).toBe("Cancelled");
    expect(() => finished.value).toThrow(FlowCancelled);
    expect(() => finished.value).toThrow(/"long" was cancelled: enough/);
  });

  test("by a signal, also one that was aborted before", async () => {
    const later = new AbortController();
    const run = long.run({}, { signal: later.signal });
    later.abort(new Error("left"));
    await expect(run).rejects.toThrow(/was cancelled: left/);
    await expect(long.run({}, { signal: AbortSignal.abort("gone") })).rejects.toMatchObject({
      code: "FLOW_CANCELLED",
      message: expect.stringContaining("gone") as unknown,
      run: { state: "Cancelled" },
    });
  });

  test("a signal that outlives the run has no listener of it any more", async () => {
    let listeners = 0;
    const { signal } = new AbortController();
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    Object.assign(signal, {
      addEventListener: (...args: Parameters<typeof add>) => (listeners++, add(...args)),
      removeEventListener: (...args: Parameters<typeof remove>) => (listeners--, remove(...args)),
    });
    await flow("short", () => inc(1)).run({}, { signal });
    expect(listeners).toBe(0);
  });
});

describe("a finished run", () => {
  const map = flow("map", { params: xs }, (p) => {
    const each = evens.map(p.xs);
    referenceTasks(sum(succeeded(each)));
    return each;
  });

  test("has states, widths and durations by slug", async () => {
    const { states, state } = await map.start({ xs: [2, 1, -1] }).done;
    expect(state).toBe("Success");
    expect([...states.slugs()]).toEqual(["evens-1", "sum-1"]);
    expect([0, 1, 2, 3].map((i) => states.get("evens-1", i))).toEqual(["Success", "Skipped", "Failed", undefined]);
    expect([states.get("evens-1"), states.get("sum-1"), states.get("none")]).toEqual(["Mapped", "Success", undefined]);
    expect([states.width("evens-1"), states.width("sum-1"), states.width("none")]).toEqual([3, undefined, undefined]);
    expect(states.durationMs("sum-1")).toBeGreaterThanOrEqual(0);
    expect(states.durationMs("evens-1", 7)).toBe(undefined);
    expect(states.table().map(({ slug, state, count }) => `${slug} ${count} ${state}`)).toEqual([
      "evens-1 1 Success",
      "evens-1 1 Skipped",
      "evens-1 1 Failed",
      "sum-1 1 Success",
    ]);
  });

  test("has results by slug, also of a child whose siblings have none", async () => {
    const finished = await map.start({ xs: [2, 1, -1] }).done;
    expect(await finished.resultOf("sum-1")).toBe(2);
    expect(await finished.resultOf("evens-1", 0)).toBe(2);
    const all = await flow("all", () => inc.map([1, 2])).start().done;
    expect(await all.resultOf("inc-1")).toEqual([2, 3]);
  });

  test("says why a result is missing", async () => {
    const finished = await map.start({ xs: [2, 1, -1] }).done;
    const failed = await errorOf(finished.resultOf("evens-1", 2));
    expect(failed).toBeInstanceOf(ResultMissing);
    expect(failed).toMatchObject({ slug: "evens-1[2]", state: "Failed", cause: new RangeError("below zero: -1") });
    expect(await errorOf(finished.resultOf("evens-1", 1))).toMatchObject({ code: "RESULT_MISSING", state: "Skipped" });
    expect(await errorOf(finished.resultOf("evens-1"))).toBeInstanceOf(ResultMissing);
    expect(await errorOf(finished.resultOf("evens-1", 9))).toMatchObject({
      message: expect.stringContaining("it has 3"),
    });
    expect(await errorOf(finished.resultOf("sum-1", 0))).toMatchObject({
      message: expect.stringContaining("not mapped"),
    });
    expect(await errorOf(finished.resultOf("nope"))).toMatchObject({ code: "UNKNOWN_SLUG" });
    expect(await errorOf(Reflect.apply(finished.resultOf, finished, []))).toMatchObject({ code: "UNKNOWN_SLUG" });
    expect(() => finished.value).toThrow(ResultMissing);
  });

  test("of a skipped ref throws ResultMissing as its value", async () => {
    const branch = flow("branch", { params: { yes: param<boolean>() } }, (p) => when(p.yes, () => inc(1)));
    expect(await branch.run({ yes: true })).toBe(2);
    expect(await errorOf(branch.run({ yes: false }))).toBeInstanceOf(ResultMissing);
  });

  test("keeps every result, or the returned ones", async () => {
    const chain = flow("chain", () => inc(inc(1)));
    const all = await chain.start({}, { keepResults: "all" }).done;
    expect(await all.resultOf("inc-1")).toBe(2);
    const returned = await chain.start({}, { keepResults: "returned" }).done;
    expect(returned.value).toBe(3);
    expect(await returned.resultOf("inc-2")).toBe(3);
    const error = await errorOf(returned.resultOf("inc-1"));
    expect(error).toBeInstanceOf(ResultReleased);
    expect(error).toMatchObject({ message: expect.stringContaining('keepResults: "all"') as unknown });
  });

  test("of settled values has them as its value", async () => {
    const finished = await flow("each", { params: xs }, (p) => {
      const each = evens.map(p.xs);
      referenceTasks(sum(succeeded(each)));
      return { each: settledEach(each), whole: settled(each) };
    }).run({ xs: [2, 1, -1] });
    expect(finished.each).toMatchObject([
      { status: "success", state: "Success", value: 2 },
      { status: "skipped", state: "Skipped", raised: true, reason: "odd" },
      { status: "failed", state: "Failed", error: new RangeError("below zero: -1") },
    ]);
    expect(finished.whole).toMatchObject({ status: "failed" });
  });
});

test("literals of every kind reach the task as they were built", async () => {
  const take = task("take", (value: unknown, more: unknown) => [value, more]);
  const date = new Date(0);
  const all = flow("all", { params: { n: param(1) } }, (p) =>
    take({ a: [p.n, { b: inc(p.n) }], date }, [new Set([1])]),
  );
  expect(await all.run()).toEqual([{ a: [1, { b: 2 }], date }, [new Set([1])]]);
});

test("lists in a mapped call zip to the shortest [MAP-2]", async () => {
  const add = task("add", (a: number, b: number, c: number) => a + b + c);
  expect(await flow("zip", () => add.map([1, 2, 3], inc.map([1, 2]), unmapped(10))).run()).toEqual([13, 15]);
});
