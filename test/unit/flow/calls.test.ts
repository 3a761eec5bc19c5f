import { flow, mapped, task, unmapped } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, graphOf, linesOf } from "./built.js";

const one = task("one", () => 1);
const add = task("add", (a: number, b: number, c = 0) => a + b + c);
const inc = task("inc", (x: number) => x + 1);
const sum = task("sum", (xs: number[]) => xs.length);
const pair = task("pair", { nout: 2 }, (x: number): [number, string] => [x, "a"]);

describe("a call", () => {
  test("makes a node, and its ref is an argument of later calls [FLOW-2]", () => {
    expect(linesOf(() => add(inc(1), inc(inc(2))))).toEqual([
      "inc-1(1)",
      "inc-2(2)",
      "inc-3([inc-2]) <- inc-2 data",
      "add-1([inc-1], [inc-3]) <- inc-1 data, inc-3 data",
    ]);
  });

  test("binds plain values as constants of the node, without nodes or edges [CONST-1]", () => {
    expect(linesOf(() => add(1, 2, 3))).toEqual(["add-1(1, 2, 3)"]);
  });

  test("keeps undefined as an argument", () => {
    expect(linesOf(() => add(1, 2, undefined))).toEqual(["add-1(1, 2, undefined)"]);
  });

  test("twice on one upstream has two edges, the second marked as repeated", () => {
    expect(
      linesOf(() => {
        const x = one();
        add(x, x);
      }).at(-1),
    ).toBe("add-1([one-1], [one-1]) <- one-1 data, one-1 data repeated");
  });

  test("of one task 100,000 times shares one spec", { timeout: 30_000 }, () => {
    const graph = graphOf(() => {
      for (let i = 0; i < 100_000; i++) inc(i);
    });
    expect(graph.size).toBe(100_001);
    expect(graph.specs.map(({ kind }) => kind)).toEqual(["task", "result"]);
  });

  test("through .with shares one spec as well where the options are equal", () => {
    const graph = graphOf(() => {
      for (let i = 0; i < 100; i++) inc.with({ retries: 2, slug: `own-${i}` })(i);
      inc(0);
    });
    expect(graph.specs.map(({ kind }) => kind)).toEqual(["task", "task", "result"]);
  });
});

describe("slugs", () => {
  test("count from 1 for each name and its sorted tags [FLOW-7]", () => {
    const tagged = inc.with({ tags: ["b", "a"] });
    expect(
      linesOf(() => {
        inc(0);
        inc(0);
        tagged(0);
        tagged(0);
        one();
      }).map((line) => line.split("(")[0]),
    ).toEqual(["inc-1", "inc-2", "inc-a-b-1", "inc-a-b-2", "one-1"]);
  });

  test("are the user's own where given, and numbers skip what is taken [FLOW-7]", () => {
    expect(
      linesOf(() => {
        inc.with({ slug: "inc-2" })(0);
        inc(0);
        inc(0);
      }).map((line) => line.split("(")[0]),
    ).toEqual(["inc-2", "inc-1", "inc-3"]);
  });

  test("are refused where one is given twice", () => {
    const own = inc.with({ slug: "mine" });
    expect(buildError(() => [own(1), own(2)])).toMatch(/^DUPLICATE_SLUG: .*"mine"/);
  });

  test("are the same when the flow is built again [FLOW-7]", () => {
    const fn = () => add(inc(1), inc(2));
    expect(linesOf(fn)).toEqual(linesOf(fn));
  });
});

describe("nout", () => {
  test("gives a real array with one ref for each position [TASK-3]", () => {
    const lines = linesOf(() => {
      const parts = pair(1);
      expect(Array.isArray(parts)).toBe(true);
      const [n, , ...rest] = parts;
      expect(rest).toEqual([]);
      return inc(n);
    });
    expect(lines).toEqual([
      "pair-1(1)",
      "~pick-1([pair-1], 0) <- pair-1 data",
      "~pick-2([pair-1], 1) <- pair-1 data",
      "inc-1([~pick-1]) <- ~pick-1 data",
    ]);
  });

  test("stays with .with, and a mapped call gives one ref [TASK-3]", () => {
    expect(linesOf(() => [pair.with({ name: "two" })(1)[1], pair.map([1])])).toEqual([
      "two-1(1)",
      "~pick-1([two-1], 0) <- two-1 data",
      "~pick-2([two-1], 1) <- two-1 data",
      "constant-1([1])",
      "pair-1(element([constant-1])) <- constant-1 data mapped",
    ]);
  });
});

describe("upstream", () => {
  test("is waited for and passes no value [FLOW-4]", () => {
    expect(linesOf(() => inc.with({ upstream: [one()] })(2)).at(-1)).toBe("inc-1(2) <- one-1");
  });

  test("of a mapped call is waited for as a whole, and child by child with mapped()", () => {
    expect(
      linesOf(() => {
        const m = inc.map([1, 2]);
        inc.with({ upstream: [m] }).map([3, 4]);
        inc.with({ upstream: [mapped(m)] }).map([3, 4]);
      }).slice(2),
    ).toEqual([
      "constant-2([3,4])",
      "inc-2(element([constant-2])) <- constant-2 data mapped, inc-1",
      "constant-3([3,4])",
      "inc-3(element([constant-3])) <- constant-3 data mapped, inc-1 mapped",
    ]);
  });

  test("with mapped() makes a map of it alone, and not without [MAP-2]", () => {
    const late = inc.with({ name: "late" });
    expect(linesOf(() => late.with({ upstream: [mapped(inc.map([1]))] }).map(unmapped(3))).at(-1)).toBe(
      "late-1(3) <- inc-1 mapped",
    );
    expect(buildError(() => late.with({ upstream: [inc.map([1])] }).map(unmapped(3)))).toMatch(/^INVALID_GRAPH: .*/s);
  });
});

describe(".with", () => {
  test("gives another handle and leaves the first as it was", () => {
    const other = inc.with({ name: "other", retries: 2, retryDelay: "1s", trigger: "allFinished" });
    const graph = graphOf(() => [other(1), inc(1)]);
    expect(other.name).toBe("other");
    expect(other.fn).toBe(inc.fn);
    expect(graph.spec(0)).toMatchObject({
      name: "other",
      retry: { retries: 2, delayMs: 1_000 },
      trigger: "allFinished",
    });
    expect(graph.spec(1)).toMatchObject({ name: "inc", retry: { retries: 0, delayMs: 0 }, trigger: undefined });
  });

  test("adds tags and replaces the rest [TASK-1]", () => {
    const base = task("base", { tags: ["b"], retries: 1, retryDelay: 5 }, () => 1);
    const graph = graphOf(() => base.with({ tags: ["a", "b"] }).with({ retries: 3 })());
    expect(graph.spec(0)).toMatchObject({ tags: ["a", "b"], retry: { retries: 3, delayMs: 5 } });
  });

  test("takes undefined as not given", () => {
    const base = task("base", { retries: 1, tags: undefined }, () => 1);
    const graph = graphOf(() => base.with({ retries: undefined, slug: undefined, upstream: undefined })());
    expect(graph.spec(0)).toMatchObject({ retry: { retries: 1, delayMs: 0 } });
  });
});

test("a handle is a function with the task's name and the plain function", () => {
  expect(typeof inc).toBe("function");
  expect(inc.name).toBe("inc");
  expect(inc.fn(1)).toBe(2);
  expect(inc).toBeInstanceOf(Function);
});

test("maxConcurrency and maxOpenPipelines are the map's, not a plain call's", () => {
  const limited = task("limited", { maxConcurrency: 2, maxOpenPipelines: 3 }, (x: number) => x);
  const graph = graphOf(() => [limited.map([1]), limited(1)]);
  const specs = graph.specs.filter((spec) => spec.kind === "task");
  expect(specs).toMatchObject([
    { mapped: true, maxConcurrency: 2, maxOpenPipelines: 3 },
    { mapped: false, maxConcurrency: undefined, maxOpenPipelines: undefined },
  ]);
});

test("the function runs once, at the first use, and all runs share its graph", () => {
  let runs = 0;
  const built = flow("once", () => {
    runs++;
    return sum([1]);
  });
  expect(runs).toBe(0);
  built.check();
  built.check();
  expect(linesOf(built)).toHaveLength(1);
  expect(runs).toBe(1);
});
