import { flow, openPool, settled, settledEach, task } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, graphOf, linesOf } from "./built.js";

const one = task("one", () => 1);
const take = task("take", (_x: unknown) => 1);
/** The argument of the last task as the graph holds it. */
const constantOf = (value: unknown): unknown => {
  const graph = graphOf(() => take(value));
  const tree = graph.args(graph.size - 2)[0];
  return tree?.kind === "inline" ? tree.value : tree?.kind;
};

describe("a literal with refs inside", () => {
  test("is a list or record node whose items are its upstreams, in order [CONST-1]", () => {
    expect(linesOf(() => take([1, one(), "x", one()]))).toEqual([
      "one-1()",
      "one-2()",
      '~list-1(1, [one-1], "x", [one-2]) <- one-1 data, one-2 data',
      "take-1([~list-1]) <- ~list-1 data",
    ]);
    expect(linesOf(() => take({ a: 1, b: one() })).slice(1)).toEqual([
      "~record-1(1, [one-1]) <- one-1 data",
      "take-1([~record-1]) <- ~record-1 data",
    ]);
  });

  test("nests: what holds refs deeper down is a node of its own [CONST-1]", () => {
    expect(linesOf(() => take({ deep: [{ x: one() }, [1]], flat: [2] })).slice(1)).toEqual([
      "~record-1([one-1]) <- one-1 data",
      "~list-1([~record-1], [1]) <- ~record-1 data",
      "~record-2([~list-1], [2]) <- ~list-1 data",
      "take-1([~record-2]) <- ~record-2 data",
    ]);
  });

  test("holds what became of a ref too", () => {
    expect(
      linesOf(() => {
        const x = one();
        take([x, settled(x), settledEach(x as never)]);
      })[1],
    ).toBe(
      "~list-1([one-1], settled([one-1]), settledEach([one-1])) <- one-1 data, one-1 data settled repeated, one-1 data settled each repeated",
    );
  });

  test("shares the specs of its nodes: one for lists, one for each set of keys", () => {
    const graph = graphOf(() => {
      const x = one();
      for (let i = 0; i < 10; i++) take([{ a: x }, { a: x, b: 1 }]);
    });
    const kinds = graph.specs.map((spec) => (spec.kind === "record" ? spec.keys.join() : spec.kind));
    expect(kinds.sort()).toEqual(["a", "a,b", "list", "result", "task", "task"]);
  });

  test("and constants of one length share a spec too", () => {
    const graph = graphOf(() => {
      for (let i = 0; i < 10; i++) take.map([i, i]);
      take.map([1]);
    });
    expect(graph.specs.filter(({ kind }) => kind === "constant")).toHaveLength(2);
  });

  test("that stands in it twice, deep down, stays one node", () => {
    expect(
      linesOf(() => {
        const shared = { x: one() };
        take([[[shared, shared]]]);
      }).filter((line) => line.startsWith("~record")),
    ).toHaveLength(1);
  });

  test("cannot hold itself", () => {
    const loop: Record<string, unknown> = {};
    loop["self"] = { back: { again: loop } };
    expect(
      buildError(() => {
        loop["ref"] = one();
        take(loop);
      }),
    ).toMatch(/^CYCLIC_ARGUMENT: argument 1 of "take"/);
  });
});

describe("a literal without refs", () => {
  test("is one constant, the same object [CONST-1]", () => {
    const value = { list: [1, { deep: [2] }], text: "x" };
    expect(constantOf(value)).toBe(value);
    expect(linesOf(() => take(value))).toHaveLength(1);
  });

  test("may hold itself", () => {
    const loop: unknown[] = [1];
    loop.push({ loop }, loop);
    expect(constantOf(loop)).toBe(loop);
  });

  test("of many numbers is walked once and not copied", () => {
    let reads = 0;
    const list = new Proxy(
      Array.from({ length: 50_000 }, (_, i) => i),
      {
        get(target, key, receiver) {
          if (typeof key === "string" && key !== "length") reads++;
          return Reflect.get(target, key, receiver) as unknown;
        },
      },
    );
    expect(constantOf(list)).toBe(list);
    expect(reads).toBeLessThanOrEqual(50_010);
  });

  test("with much shared structure ends quickly", () => {
    let value: unknown = [1];
    for (let depth = 0; depth < 200; depth++) value = [value, value];
    expect(constantOf(value)).toBe(value);
  });
});

test.each([
  ["a Map", new Map([["a", 1]])],
  ["a Set", new Set([1])],
  ["a Date", new Date(0)],
  ["a typed array", new Uint8Array(3)],
  ["a function", () => 1],
])("nothing is looked for inside %s", (_what, value) => {
  expect(constantOf(value)).toBe(value);
});

test("an object without a prototype is plain", () => {
  expect(
    linesOf(() => take(Object.assign(Object.create(null) as object, { a: one() }))).some((line) =>
      line.startsWith("~record"),
    ),
  ).toBe(true);
});

test("nesting ends at 1,000 with an error that names the argument", () => {
  const nested = (depth: number): unknown => {
    let value: unknown = 1;
    for (let i = 0; i < depth; i++) value = [value];
    return value;
  };
  expect(constantOf(nested(1_000))).toEqual(nested(1_000));
  expect(buildError(() => take(nested(1_002)))).toMatch(/^ARGUMENT_TOO_DEEP: argument 1 of "take".*1000 deep/);
});

describe("what can only be a mistake is refused:", () => {
  test.each([
    ["a promise", () => take(Promise.resolve(1)), /^PROMISE_AS_ARGUMENT: argument 1 of "take" is a promise/],
    ["a promise inside", () => take([{ a: Promise.resolve(1) }]), /^PROMISE_AS_ARGUMENT: .*at \[0\]\.a is a promise/],
    ["a task", () => take(one), /^HANDLE_AS_ARGUMENT: .*is the task "one" itself/],
    ["a flow", () => take(flow("inner", one)), /^HANDLE_AS_ARGUMENT: argument 1 of "take" is a flow/],
    ["a task inside", () => take({ x: [one] }), /^HANDLE_AS_ARGUMENT: .*at \.x\[0\] is the task "one"/],
  ])("%s", (_what, fn, message) => {
    expect(buildError(fn)).toMatch(message);
  });
});

test("a list of four thousand million places is looked at by what is in it, as an argument and when it is gathered", async () => {
  const far = 2 ** 32 - 2;
  const sparse = Object.assign([], { [far]: 7 });
  const length = task("length", (list: readonly unknown[]) => [list.length, list[far]]);
  expect(await flow("f", () => length(sparse)).run()).toEqual([far + 1, 7]);
  const error = buildError(() => length(Object.assign([], { [far]: length(sparse) })));
  expect(error).toMatch(/^ARGUMENT_TOO_LONG: .*more than 10000000 places, and a ref/);
  await using pool = await openPool();
  const gathered = await pool.gather(Object.assign([], { [far]: pool.submit(length, sparse) }));
  expect(gathered.length).toBe(far + 1);
  expect(Reflect.get(gathered, far)).toEqual([far + 1, 7]);
});
