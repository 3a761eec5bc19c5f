// Graphs that are read over several events: what is counted must not depend on where an event ends.
import { flow, param, SequentialExecutor, AsyncExecutor, settledEach, task, unmapped } from "@millrace/core";
import { expect, test } from "vitest";

const one = task("one", () => 1);
const noop = task("noop", () => {});
const take = task("take", (x: number) => x + 1);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));

for (const executor of [new SequentialExecutor(), new AsyncExecutor()]) {
  test(`a value whose consumer is read thousands of nodes later is still there, ${executor.name}`, async () => {
    const late = flow("late", () => {
      const value = one();
      const list = take.map([1, 2, 3]);
      for (let i = 0; i < 9000; i++) noop();
      return { value: take(value), sum: sum(list), each: take.map(list) };
    });
    const { value } = await late.start({}, { executor, keepResults: "returned" }).done;
    expect(value).toEqual({ value: 2, sum: 9, each: [3, 4, 5] });
  });

  test(`a task with 10,000 consumers, and as many maps over one map, ${executor.name}`, async () => {
    const fan = flow("fan", () => {
      const root = one();
      const list = take.map([1, 2]);
      for (let i = 0; i < 10_000; i++) {
        take(root);
        take.map(list);
      }
    });
    const run = await fan.start({}, { executor, keepResults: "returned" }).done;
    expect(run.state).toBe("Success");
    expect(run.states.get("take-20001", 1)).toBe("Success");
  });

  test(`one task with 20,000 upstream tasks, ${executor.name}`, async () => {
    const fanIn = flow("fan-in", () => sum(Array.from({ length: 20_000 }, () => one())));
    expect(await fanIn.run({}, { executor, keepResults: "returned" })).toBe(20_000);
  });
}

test("a literal that holds one part many times over is no larger than its parts", async () => {
  const depth = task("depth", (x: unknown) => {
    let levels = 0;
    for (let at = x; Array.isArray(at); at = at[0]) levels++;
    return levels;
  });
  const build = flow("shared", () => {
    let part: unknown = [one()];
    for (let i = 0; i < 40; i++) part = [part, part];
    return depth(part);
  });
  expect(await build.run()).toBe(41);
});

test("parts of parts beyond reason are refused when the flow is built", async () => {
  const { pick } = await import("@millrace/core");
  const cyclic = task("cyclic", (): { self: unknown } => ({ self: 1 }));
  const build = flow("deep", () => {
    let at = cyclic();
    for (let i = 0; i < 5000; i++) at = pick(at, "self") as never;
    take(at as never);
  });
  expect(() => build.start()).toThrow(expect.objectContaining({ code: "STRUCTURE_TOO_DEEP" }));
});

test("what has no length is no list, whatever a proxy says", async () => {
  const lying = (length: unknown) =>
    new Proxy([1, 2], { get: (list, key) => (key === "length" ? length : Reflect.get(list, key)) });
  for (const length of [2.5, Number.NaN, -1, "zz"]) {
    const give = task("give", () => lying(length));
    const run = await flow("f", () => take.map(give())).start().done;
    expect(run.states.get("take-1")).toBe("Failed");
    const given = flow("g", { params: { xs: param<number[]>() } }, (p) => take.map(p.xs));
    expect((await given.start({ xs: lying(length) }).done).states.get("take-1")).toBe("Failed");
  }
});

test("an unmapped settledEach beside a wide map is made once", async () => {
  const count = task("count", (x: number, all: readonly unknown[]) => x + all.length);
  const build = flow("f", () => {
    const list = take.map(Array.from({ length: 300 }, (_, i) => i));
    return sum(count.map(list, unmapped(settledEach(list))));
  });
  expect(await build.run({}, { keepResults: "returned" })).toBe((300 * 301) / 2 + 300 * 300);
});
