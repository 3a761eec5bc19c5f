// Skips, branches, settled values, triggers on real flows: what the recorded flows do not show.
import {
  AsyncExecutor,
  fail,
  flow,
  ifElse,
  isFailed,
  merge,
  param,
  pick,
  referenceTasks,
  SequentialExecutor,
  settled,
  settledEach,
  skip,
  succeeded,
  task,
  when,
} from "@millrace/core";
import { expect, test } from "vitest";

const one = task("one", () => 1);
const bad = task("bad", (): number => fail("no"));
const none = task("none", (): number => skip("none"));
const same = task("same", <T>(x: T) => x);
const yes = task("yes", (x: boolean) => x);
const count = task("count", (...xs: unknown[]) => xs.length);

const once = { executor: new SequentialExecutor() };
const statesOf = async (build: () => unknown) => (await flow("f", build).start({}, once).done).states;

test("one upstream given twice counts once, a constant never [TRIG-6]", async () => {
  const states = await statesOf(() => {
    const b = bad();
    const o = one();
    const trigger = { someFailed: { atLeast: 1, atMost: 0.5 } } as const;
    // Of two distinct upstreams one failed: a half. Counted by argument it were two of three.
    count.with({ trigger, slug: "twice" })(settled(b), settled(b), settled(o));
    // Counted with the constant, it were one of two.
    count.with({ trigger: "allFailed", slug: "constant" })(settled(b), 3);
  });
  expect(states.get("twice")).toBe("Success");
  expect(states.get("constant")).toBe("Success");
});

test("a merge inside a branch that was not chosen is Skipped, with all in it [CASE-3] [CASE-1]", async () => {
  const states = await statesOf(() => {
    const inner = when(yes(false), () => merge(one(), one()));
    merge(inner, same(2));
  });
  expect(states.get("merge-1")).toBe("Skipped");
  expect(states.get("one-1")).toBe("Skipped");
  expect(states.get("merge-2")).toBe("Success");
});

test("merge takes the first branch that is not skipped, in the order of its arguments, null too [CASE-3]", async () => {
  const nothing = task("nothing", () => null);
  const build = flow("f", () => merge(none(), nothing(), one()));
  expect(await build.run({}, once)).toBeNull();
  const states = await statesOf(() => {
    merge(none(), none());
    merge(none(), bad());
  });
  expect(states.get("merge-1")).toBe("Skipped");
  expect(states.get("merge-2")).toBe("TriggerFailed");
});

test("an outside ref that a branch returns does not reach merge unless chosen, even where it failed", async () => {
  const rescue = flow("f", { params: { ok: param<boolean>() } }, (p) => {
    const x = ifElse(
      yes(p.ok),
      () => one(),
      () => bad(),
    );
    return ifElse(
      isFailed(settled(x)),
      () => same("backup"),
      () => x,
    );
  });
  const good = await rescue.start({ ok: true }, once).done;
  expect(good.value).toBe(1);
  const saved = await rescue.start({ ok: false }, once).done;
  // The rescued failure is no reference task of its own: it has downstream tasks.
  expect([saved.state, await saved.resultOf("same-1")]).toEqual(["Success", "backup"]);
});

test("nested branches: an inner one that is reached decides for itself [CASE-1]", async () => {
  const build = flow("f", { params: { a: param<boolean>(), b: param<boolean>() } }, (p) =>
    ifElse(
      yes(p.a),
      () =>
        ifElse(
          yes(p.b),
          () => same("ab"),
          () => same("a"),
        ),
      () => same("none"),
    ),
  );
  expect(await build.run({ a: true, b: true }, once)).toBe("ab");
  expect(await build.run({ a: true, b: false }, once)).toBe("a");
  expect(await build.run({ a: false, b: true }, once)).toBe("none");
});

test("when compares with ===, of values that only the run knows", async () => {
  const color = task("color", (c: string) => c);
  const build = flow("f", { params: { c: param<string>() } }, (p) => {
    const c = color(p.c);
    return merge(
      when(c, "red", () => same("stop")),
      when(c, "green", () => same("go")),
      same("else"),
    );
  });
  expect(await build.run({ c: "green" }, once)).toBe("go");
  expect(await build.run({ c: "blue" }, once)).toBe("else");
});

test("a part of a part, and a part that cannot be had [TASK-3]", async () => {
  const nested = task("nested", (): { pair: [low: [number, number], high: string] } => ({ pair: [[1, 2], "x"] }));
  const good = flow("f", () => same(pick(pick(pick(nested(), "pair"), 0), 1)));
  expect(await good.run({}, once)).toBe(2);
  const lying = task("lying", (): { x: { y: number } } => JSON.parse('{"x":null}'));
  const states = await statesOf(() => {
    same(pick(pick(lying(), "x"), "y"));
  });
  expect(states.get("same-1")).toBe("Failed");
});

test("a map over a part asks how long it is", async () => {
  const nested = task("nested", () => ({ list: [1, 2, 3], text: "abc" }));
  const double = task("double", (x: number) => x * 2);
  expect(await flow("f", () => double.map(pick(nested(), "list"))).run({}, once)).toEqual([2, 4, 6]);
  const states = await statesOf(() => {
    double.map(pick(nested(), "text") as never);
  });
  expect(states.get("double-1")).toBe("Failed");
});

test("settled never fails or skips its task by default; an explicit rule sees the real states [PIPE-5] [TRIG-5]", async () => {
  const states = await statesOf(() => {
    same.with({ slug: "default-failed" })(settled(bad()));
    same.with({ slug: "default-skipped" })(settled(none()));
    same.with({ slug: "all", trigger: "allSuccessful" })(settled(bad()));
    same.with({ slug: "failed", trigger: "allFailed" })(settled(bad()));
    same.with({ slug: "skips", skipOnUpstreamSkip: true })(settled(none()));
  });
  expect(["default-failed", "default-skipped", "all", "failed", "skips"].map((slug) => states.get(slug))).toEqual([
    "Success",
    "Success",
    "TriggerFailed",
    "Success",
    "Skipped",
  ]);
});

test("a plain edge without a value ends the task, naming the edge and settled; it is not retried [PIPE-4]", async () => {
  const run = await flow("f", () => same.with({ trigger: "allFinished", retries: 3 })(bad())).start({}, once).done;
  expect(run.states.get("same-1")).toBe("Failed");
  await expect(run.resultOf("same-1")).rejects.toThrow(/"bad-1" gave no value.*settled\(bad-1\)/);
});

test("settled of a map is one: its first failure, or its list", async () => {
  const odd = task("odd", (x: number) => (x % 2 === 0 ? fail(`even ${x}`) : x));
  const tell = task("tell", (s: { status: string; error?: unknown; value?: unknown }) =>
    s.status === "failed" ? String(s.error) : s.value,
  );
  const build = flow("f", () => [tell(settled(odd.map([1, 2]))), tell(settled(odd.map([1, 3])))]);
  const run = await build.start({}, once).done;
  expect(await run.resultOf("tell-1")).toContain("even 2");
  expect(await run.resultOf("tell-2")).toEqual([1, 3]);
});

test("succeeded and settledEach of a plain list of refs", async () => {
  const build = flow("f", () => {
    const items = [one(), bad(), none()];
    referenceTasks(same.with({ slug: "values" })(succeeded(items)));
    same.with({ slug: "kinds" })(settledEach(items));
  });
  const run = await build.start({}, once).done;
  expect(run.state).toBe("Success");
  expect(await run.resultOf("values")).toEqual([1]);
  expect(await run.resultOf("kinds")).toMatchObject([
    { status: "success" },
    { status: "failed" },
    { status: "skipped" },
  ]);
});

test("a collection fails and is skipped with its items [CONST-1]", async () => {
  const states = await statesOf(() => {
    same.with({ slug: "ok" })([one(), { b: one() }]);
    same.with({ slug: "failed" })([one(), { b: bad() }]);
    same.with({ slug: "skipped" })([one(), { b: none() }]);
  });
  expect(["ok", "failed", "skipped"].map((slug) => states.get(slug))).toEqual(["Success", "TriggerFailed", "Skipped"]);
});

test("the flow's state is that of its reference tasks: terminal ones and those it returns [FLOW-6] [RUN-4]", async () => {
  const state = async (build: () => unknown) => (await flow("f", build).start({}, once).done).state;
  expect(await state(() => void same(settled(bad())))).toBe("Success");
  expect(
    await state(() => {
      const b = bad();
      same(settled(b));
      return b;
    }),
  ).toBe("Failed");
  expect(
    await state(() => {
      referenceTasks(one());
      bad();
    }),
  ).toBe("Success");
  expect(await state(() => void none())).toBe("Success");
});

test("what a flow returns as settled was taken as a value, its failure too [FLOW-6]", async () => {
  const odd = task("odd", (x: number) => (x === 2 ? fail("two") : x));
  const run = await flow("f", () => ({ b: settled(bad()), o: settledEach(odd.map([1, 2])) })).start({}, once).done;
  expect(run.state).toBe("Success");
  expect(run.value).toMatchObject({ b: { status: "failed" }, o: [{ status: "success" }, { status: "failed" }] });
});

test("for a mapped reference task its children decide [RUN-5]", async () => {
  const odd = task("odd", (x: number) => (x === 2 ? fail("two") : x));
  const run = await flow("f", () => odd.map([1, 2, 3])).start({}, once).done;
  expect([run.state, run.states.get("odd-1")]).toEqual(["Failed", "Mapped"]);
});

test("the parent of a map: skipped by a skipped list, failed without a good one, failed over no list [MAP-3]", async () => {
  const notList = task("not-list", () => "text" as unknown as number[]);
  const list = task("list", () => [1, 2]);
  const noList = task("no-list", (): number[] => skip("x"));
  const badList = task("bad-list", (): number[] => fail("x"));
  const add = task("add", (a: number, b: number) => a + b);
  const states = await statesOf(() => {
    add.with({ slug: "skipped" }).map(list(), noList());
    add.with({ slug: "skipped-whole" }).map(list(), same.map(list()) && noList());
    add.with({ slug: "failed" }).map(badList(), badList());
    add.with({ slug: "beside" }).map(list(), badList());
    add.with({ slug: "no-list" }).map(list(), notList());
  });
  expect(["skipped", "failed", "beside", "no-list"].map((slug) => states.get(slug))).toEqual([
    "Skipped",
    "Failed",
    "Mapped",
    "Failed",
  ]);
  expect([states.get("beside", 0), states.get("beside", 1)]).toEqual(["TriggerFailed", "TriggerFailed"]);
});

test("the same states at once and one after the other [EXEC-7] [LOCAL-1]", async () => {
  const odd = task("odd", async (x: number) => (x % 3 === 0 ? fail("x") : x % 3 === 1 ? skip("x") : x));
  const build = flow("f", { params: { xs: param<number[]>() } }, (p) => {
    const mapped = same.map(odd.map(p.xs));
    same(settledEach(mapped));
    return succeeded(mapped);
  });
  const xs = Array.from({ length: 30 }, (_, i) => i);
  const [a, b] = await Promise.all([
    build.start({ xs }, { executor: new AsyncExecutor() }).done,
    build.start({ xs }, once).done,
  ]);
  const rows = (run: typeof a) => xs.map((i) => [run.states.get("odd-1", i), run.states.get("same-1", i)]);
  expect(rows(a)).toEqual(rows(b));
  expect(a.value).toEqual(b.value);
});
