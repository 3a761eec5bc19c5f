// Maps: order, pipelines, limits, what is let go.
import {
  AsyncExecutor,
  flow,
  mapped,
  param,
  SequentialExecutor,
  settledEach,
  skip,
  succeeded,
  task,
  unmapped,
} from "@millrace/core";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";

const numbers = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

test("pipelines are finished before new ones are opened [MAP-7] [LOCAL-3]", async () => {
  const order: string[] = [];
  const step = (name: string) =>
    task(name, (x: number) => {
      order.push(`${name}${x}`);
      return x;
    });
  const [a, b, c] = [step("a"), step("b"), step("c")];
  await flow("f", () => c.map(b.map(a.map([0, 1, 2])))).run({}, { executor: new SequentialExecutor() });
  expect(order).toEqual(["a0", "b0", "c0", "a1", "b1", "c1", "a2", "b2", "c2"]);
});

test("a map over a map has no barrier: a slow child holds up only its own pipeline [MAP-4]", async () => {
  const gate = new Gate();
  const done: number[] = [];
  const first = task("first", async (x: number) => {
    if (x === 0) await gate.opened;
    return x;
  });
  const second = task("second", (x: number) => {
    done.push(x);
    return x;
  });
  const run = flow("f", () => second.map(first.map([0, 1, 2]))).start({}, { executor: new AsyncExecutor() });
  await turns();
  expect(done).toEqual([1, 2]);
  gate.open();
  expect((await run.done).value).toEqual([0, 1, 2]);
});

test("a map whose width is not known does not hold up an unrelated branch [MAP-8]", async () => {
  const gate = new Gate();
  const width = task("width", async () => {
    await gate.opened;
    return [1];
  });
  const child = task("child", (x: number) => x);
  const other = task("other", () => "other");
  const last = task("last", (x: string) => x);
  const build = flow("f", () => ({ m: child.map(width()), o: last(other()) }));
  const run = build.start({}, { executor: new AsyncExecutor({ concurrency: 2 }) });
  await turns();
  expect(run.summary()).toMatchObject({ Success: 2, Running: 1 });
  gate.open();
  expect((await run.done).value).toEqual({ m: [1], o: "other" });
});

test("a wide map and a single task at the same depth take turns", async () => {
  const order: string[] = [];
  const child = task("child", (x: number) => void order.push(`c${x}`));
  const single = task("single", () => void order.push("single"));
  const build = flow("f", () => {
    child.map(numbers(1000));
    single();
  });
  await build.run({}, { executor: new SequentialExecutor() });
  expect(order.indexOf("single")).toBeLessThan(3);
});

test("maxConcurrency holds for each map, and frees its slots for others", async () => {
  let running = 0;
  let most = 0;
  const limited = task("limited", { maxConcurrency: 3 }, async (x: number) => {
    most = Math.max(most, ++running);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    return x;
  });
  const build = flow("f", () => limited.map(numbers(50)));
  expect(await build.run({}, { executor: new AsyncExecutor({ concurrency: 16 }) })).toEqual(numbers(50));
  expect(most).toBe(3);
});

test("maxOpenPipelines: so many elements at most have begun and are not through", async () => {
  const open = new Set<number>();
  let most = 0;
  const begin = task("begin", { maxOpenPipelines: 2 }, async (x: number) => {
    open.add(x);
    most = Math.max(most, open.size);
    return x;
  });
  const middle = task("middle", async (x: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    return x;
  });
  const end = task("end", async (x: number) => {
    await new Promise((resolve) => setImmediate(resolve));
    open.delete(x);
    return x;
  });
  const build = flow("f", () => end.map(middle.map(begin.map(numbers(30)))));
  expect(await build.run({}, { executor: new AsyncExecutor({ concurrency: 16 }) })).toEqual(numbers(30));
  expect(most).toBe(2);
});

test("maxOpenPipelines never stops a run: a stage that waits for the whole root map does not count for ever", async () => {
  const begin = task("begin", { maxOpenPipelines: 2 }, (x: number) => x);
  const total = task("total", (xs: number[]) => xs.length);
  const end = task("end", (x: number, n: number) => x + n);
  const build = flow("f", () => {
    const begun = begin.map(numbers(10));
    return end.map(begun, unmapped(total(begun)));
  });
  expect(await build.run()).toEqual(numbers(10).map((x) => x + 10));
});

test("an element beyond the width of a later stage is through, whatever else runs", async () => {
  const gate = new Gate();
  const begun: number[] = [];
  const begin = task("begin", { maxOpenPipelines: 1 }, (x: number) => {
    begun.push(x);
    return x;
  });
  const add = task("add", (x: number, y: number) => x + y);
  const slow = task("slow", () => gate.opened);
  const run = flow("f", () => {
    slow();
    return add.map(begin.map(numbers(6)), [10, 20]);
  }).start({}, { executor: new AsyncExecutor({ concurrency: 4 }) });
  await turns(20);
  expect(begun).toEqual(numbers(6));
  gate.open();
  expect((await run.done).value).toEqual([10, 21]);
});

test("a pipeline whose later stage ends as a whole is through", async () => {
  const begin = task("begin", { maxOpenPipelines: 1 }, (x: number) => x);
  const never = task("never", (): number[] => skip("none"));
  const pair = task("pair", (x: number, y: number) => x + y);
  const build = flow("f", () => {
    pair.map(begin.map(numbers(20)), never());
  });
  const run = await build.start().done;
  expect(run.states.get("pair-1")).toBe("Skipped");
  expect(run.states.get("begin-1", 19)).toBe("Success");
});

test("an upstream mapped twice, and order alone, pair child with child", async () => {
  const one = task("one", (x: number) => x + 1);
  const add = task("add", (a: number, b: number) => a + b);
  const note: string[] = [];
  const last = task("last", (_x: number) => void note.push("last"));
  const build = flow("f", { params: { xs: param<number[]>() } }, (p) => {
    const ones = one.map(p.xs);
    last.with({ upstream: [mapped(ones)] }).map(p.xs);
    return add.map(ones, ones);
  });
  expect(await build.run({ xs: [1, 2, 3] }, { keepResults: "returned" })).toEqual([4, 6, 8]);
  expect(note.length).toBe(3);
});

test("the zip rule drops what is beyond the narrowest list, and lets it go [MAP-2]", async () => {
  const one = task("one", (x: number) => x);
  const add = task("add", (a: number, b: number) => a + b);
  const build = flow("f", () => add.map(one.map(numbers(5)), one.map(numbers(3))));
  expect(await build.run({}, { keepResults: "returned" })).toEqual([0, 2, 4]);
});

test("an empty map is a success, and so is a map over it [MAP-2]", async () => {
  const one = task("one", (x: number) => x);
  const run = await flow("f", () => one.map(one.map([]))).start().done;
  expect(run.value).toEqual([]);
  expect(run.states.get("one-2")).toBe("Mapped");
});

test("failed children take only their own pipelines with them; succeeded() gives the rest [MAP-4] [MAP-5]", async () => {
  const odd = task("odd", (x: number) => {
    if (x % 2 === 0) throw new Error(`even ${x}`);
    return x;
  });
  const next = task("next", (x: number) => x * 10);
  const sum = task("sum", (xs: number[]) => xs.reduce((a, b) => a + b, 0));
  const kinds = task("kinds", (xs: readonly { status: string }[]) => xs.map((x) => x.status[0]).join(""));
  const run = await flow("f", () => {
    const nexts = next.map(odd.map(numbers(5)));
    return { total: sum(succeeded(nexts)), kinds: kinds(settledEach(nexts)) };
  }).start().done;
  expect(run.states.get("next-1", 0)).toBe("TriggerFailed");
  expect(run.states.get("next-1", 1)).toBe("Success");
  expect(await run.resultOf("sum-1")).toBe(40);
  expect(await run.resultOf("kinds-1")).toBe("fsfsf");
});

test("each child of a map over settledEach sees what became of its own element, without a barrier", async () => {
  const gate = new Gate();
  const seen: string[] = [];
  const odd = task("odd", async (x: number) => {
    if (x === 2) await gate.opened;
    if (x % 2 === 0) throw new Error("even");
    return x;
  });
  const tell = task("tell", (s: { status: string }) => {
    seen.push(s.status);
    return s.status;
  });
  const run = flow("f", () => tell.map(settledEach(odd.map([0, 1, 2])))).start();
  await turns();
  expect(seen).toEqual(["failed", "success"]);
  gate.open();
  const finished = await run.done;
  expect(await finished.resultOf("tell-1")).toEqual(["failed", "success", "failed"]);
});

test("mapped over settledEach of a plain list, a child waits for its own item only", async () => {
  const gate = new Gate<number>();
  const seen: string[] = [];
  const slow = task("slow", () => gate.opened);
  const quick = task("quick", (): number => skip("none"));
  const bad = task("bad", (): number => {
    throw new Error("no");
  });
  const twice = task("twice", (xs: number[]) => xs.length);
  const tell = task("tell", (s: { status: string }, x: number) => {
    seen.push(`${s.status}${x}`);
    return `${s.status}${x}`;
  });
  const run = flow("f", () => {
    const ones = quick();
    return tell.map(settledEach([slow(), ones, bad(), ones, twice([1])]), [0, 1, 2, 3]);
  }).start({}, { keepResults: "returned" });
  await turns();
  expect(seen.sort()).toEqual(["failed2", "skipped1", "skipped3"]);
  expect(await run.explain("tell-1", 0)).toContain("waits for slow-1");
  gate.open(7);
  expect((await run.done).value).toEqual(["success0", "skipped1", "failed2", "skipped3"]);
});

test("a list that was skipped as a whole gives every child of settledEach its state, the width comes from the others", async () => {
  const none = task("none", (): number[] => skip("no list"));
  const tell = task("tell", (s: { status: string }, x: number) => `${s.status}${x}`);
  expect(await flow("f", () => tell.map(settledEach(none()), [1, 2])).run()).toEqual(["skipped1", "skipped2"]);
});

test("an unmapped map is gathered once for all children", async () => {
  const one = task("one", (x: number) => x);
  const lists = new Set<readonly number[]>();
  const take = task("take", (x: number, all: readonly number[]) => {
    lists.add(all);
    return x + all.length;
  });
  const build = flow("f", () => take.map(numbers(20), unmapped(one.map(numbers(4)))));
  expect(await build.run({}, { checkValues: false })).toEqual(numbers(20).map((x) => x + 4));
  expect(lists.size).toBe(1);
});
