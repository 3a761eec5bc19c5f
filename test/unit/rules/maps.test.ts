// Maps as a whole: what their children are, when there are none, and how they decide the flow's state.
import {
  context,
  flow,
  isFailed,
  ifElse,
  SequentialExecutor,
  settled,
  settledEach,
  type Settled,
  skip,
  task,
} from "@millrace/core";
import { expect, test } from "vitest";

const once = { executor: new SequentialExecutor() };
const double = task("double", (x: number) => 2 * x);
const noList = task("no-list", (): number[] => {
  throw new Error("no list");
});
const skipsList = task("skips-list", (): number[] => skip());

test("each child is a task run of its own, under its index [MAP-1]", async () => {
  const tell = task("tell", (x: string) => `${context().mapIndex} ${x}`);
  const run = await flow("f", () => tell.map(["a", "b", "c"])).start({}, once).done;
  expect(run.value).toEqual(["0 a", "1 b", "2 c"]);
  expect(run.states.get("tell-1")).toBe("Mapped");
  expect(run.states.width("tell-1")).toBe(3);
  expect(run.states.get("tell-1", 2)).toBe("Success");
  expect(run.states.get("tell-1", 3)).toBeUndefined();
  expect(await run.resultOf("tell-1", 1)).toBe("1 b");
});

test("a map of which no list was successful is Failed, not TriggerFailed, and has no children [MAP-3]", async () => {
  const run = await flow("f", () => double.map(noList())).start({}, once).done;
  expect(run.states.get("double-1")).toBe("Failed");
  expect(run.states.width("double-1")).toBeUndefined();
  await expect(run.resultOf("double-1")).rejects.toThrow(/no list .* was successful/);
});

test("a map over what is no list is Failed and names it [MAP-3]", async () => {
  const bad = task("bad", (): number[] => JSON.parse("7"));
  const run = await flow("f", () => double.map(bad())).start({}, once).done;
  expect(run.states.get("double-1")).toBe("Failed");
  await expect(run.resultOf("double-1")).rejects.toThrow(/"bad-1", which did not give a list/);
});

test("a skipped upstream skips the map, be it mapped over or not [MAP-3]", async () => {
  const add = task("add", (x: number, _y: unknown) => x);
  const run = await flow("f", () => {
    double.map(skipsList());
    add.with({ upstream: [skipsList()] }).map([1], [2]);
  }).start({}, once).done;
  expect(run.states.get("double-1")).toBe("Skipped");
  expect(run.states.get("add-1")).toBe("Skipped");
  expect(run.states.width("add-1")).toBeUndefined();
});

test("a map with skipped children does not skip a map over it [MAP-3]", async () => {
  const odd = task("odd", (x: number) => (x % 2 === 0 ? skip() : x));
  const run = await flow("f", () => double.map(odd.map([2, 3]))).start({}, once).done;
  expect(run.states.get("double-1")).toBe("Mapped");
  expect([0, 1].map((i) => run.states.get("double-1", i))).toEqual(["Skipped", "Success"]);
});

test("a list that failed beside a good one fails the children, not the map [MAP-3]", async () => {
  const add = task("add", (x: number, y: number) => x + y);
  const run = await flow("f", () => add.map(noList(), [1, 2])).start({}, once).done;
  expect(run.states.get("add-1")).toBe("Mapped");
  expect([0, 1].map((i) => run.states.get("add-1", i))).toEqual(["TriggerFailed", "TriggerFailed"]);
});

test("a whole map is a list; failures and skips stand in it only as settled values [MAP-5]", async () => {
  const some = task("some", (x: number) => {
    if (x === 1) throw new RangeError("one");
    return x === 2 ? skip("two") : x;
  });
  const after = task("after", (x: number) => x);
  const list = task("list", (xs: readonly Settled<number>[]) => xs.map((x) => x.state));
  const count = task("count", (xs: readonly number[]) => xs.length);
  const run = await flow("f", () => {
    const first = some.map([0, 1, 2]);
    list.with({ slug: "first" })(settledEach(first));
    list.with({ slug: "second" })(settledEach(after.map(first)));
    count.with({ slug: "plain", skipOnUpstreamSkip: false })(first);
  }).start({}, once).done;
  expect(await run.resultOf("first")).toEqual(["Success", "Failed", "Skipped"]);
  expect(await run.resultOf("second")).toEqual(["Success", "TriggerFailed", "Skipped"]);
  expect(run.states.get("plain")).toBe("TriggerFailed");
});

test("the children of a mapped reference task decide, not the map [RUN-5]", async () => {
  const even = task("even", (x: number) => {
    if (x % 2 === 1) throw new Error("odd");
    return x;
  });
  const ignore = task("ignore", (_xs: Settled<number[]>) => "fine");
  const build = (last: boolean) =>
    flow("f", () => {
      const mapped = even.map([1, 2]);
      if (!last) ignore(settled(mapped));
    });
  expect((await build(true).start({}, once).done).state).toBe("Failed");
  expect((await build(false).start({}, once).done).state).toBe("Success");
});

test("a map behind a condition is skipped as a whole, and merged as a whole [CASE-3]", async () => {
  const list = task("list", () => [1, 2]);
  const rescue = task("rescue", () => [0]);
  const build = (fails: boolean) =>
    flow("f", () => {
      const given = fails ? noList() : list();
      return ifElse(
        isFailed(settled(given)),
        () => rescue(),
        () => double.map(given),
      );
    });
  expect(await build(false).run({}, once)).toEqual([2, 4]);
  expect(await build(true).run({}, once)).toEqual([0]);
});
