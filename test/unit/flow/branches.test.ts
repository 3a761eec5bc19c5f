import { type Ref, constant, flow, ifElse, isFailed, merge, pick, settled, task, when } from "@millrace/core";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { buildError, graphOf, linesOf } from "./built.js";

const test1 = task("test", () => true);
const color = task("color", (): "red" | "green" => "red");
const one = task("one", () => 1);
const inc = task("inc", (x: number) => x + 1);
const sum = task("sum", (xs: number[]) => xs.length);

describe("when", () => {
  test("hangs tasks on the case that have no upstream inside the body, by their first edge [CASE-1]", () => {
    expect(
      linesOf(() => {
        const x = one();
        when(test1(), () => inc(inc(x)));
      }),
    ).toEqual([
      "one-1()",
      "test-1()",
      "~case-1([test-1]) <- test-1 data",
      "inc-1([one-1]) <- ~case-1 gate, one-1 data",
      "inc-2([inc-1]) <- inc-1 data",
    ]);
  });

  test("tests for truth, or with === for a value [CASE-1]", () => {
    const graph = graphOf(() => {
      when(test1(), () => one());
      when(color(), "red", () => one());
      when(constant<number | undefined>(1), undefined, () => one());
    });
    const tests = graph.specs.flatMap((spec) => (spec.kind === "case" ? [spec.test] : []));
    expect(tests).toEqual([{ is: "truthy" }, { is: "equal", value: "red" }, { is: "equal", value: undefined }]);
  });

  test("nests: an inner case is a node of the outer body [CASE-1]", () => {
    expect(
      linesOf(() => {
        const [yes, x] = [test1(), one()];
        when(yes, () => {
          when(yes, () => inc(x));
          inc(x);
        });
        inc(x);
      }).slice(2),
    ).toEqual([
      "~case-1([test-1]) <- test-1 data",
      "~case-2([test-1]) <- ~case-1 gate, test-1 data",
      "inc-1([one-1]) <- ~case-2 gate, one-1 data",
      "inc-2([one-1]) <- ~case-1 gate, one-1 data",
      "inc-3([one-1]) <- one-1 data",
    ]);
  });

  test("does not hang a task on the outer case that has an upstream in an inner body [CASE-1]", () => {
    expect(
      linesOf(() => {
        const yes = test1();
        when(yes, () => {
          const inner = when(yes, () => one());
          inc(inner);
        });
      }).slice(2),
    ).toEqual([
      "~case-2([test-1]) <- ~case-1 gate, test-1 data",
      "one-1() <- ~case-2 gate",
      "inc-1([one-1]) <- one-1 data",
    ]);
  });

  test("hangs lists of refs on the case, as upstream inside the body [CONST-1]", () => {
    expect(
      linesOf(() => {
        const x = one();
        when(test1(), () => sum([x, 2]));
      }).slice(3),
    ).toEqual(["~list-1([one-1], 2) <- ~case-1 gate, one-1 data", "sum-1([~list-1]) <- ~list-1 data"]);
  });

  test("never hangs constants on the case, and they do not count as upstream inside the body [CASE-1]", () => {
    expect(linesOf(() => void when(test1(), () => inc.map([1]))).slice(2)).toEqual([
      "constant-1([1])",
      "inc-1(element([constant-1])) <- ~case-1 gate, constant-1 data mapped",
    ]);
  });

  test("never hangs parameters on the case, also those that are first read inside [CASE-1]", () => {
    const read = flow("read", { params: z.object({ x: z.number() }) }, (p) => void when(test1(), () => inc(p.x)));
    expect(linesOf(read).slice(2)).toEqual(["x()", "inc-1([x]) <- ~case-1 gate, x data"]);
  });

  test("gates an order-only upstream from outside too", () => {
    expect(
      linesOf(() => {
        const x = one();
        when(test1(), () => one.with({ upstream: [x] })());
      }).at(-1),
    ).toBe("one-2() <- ~case-1 gate, one-1");
  });

  test("closes the body when it throws", () => {
    const lines = linesOf(() => {
      const yes = test1();
      try {
        when(yes, () => {
          throw new Error("stop");
        });
      } catch {
        // as a user might
      }
      one();
    });
    expect(lines.at(-1)).toBe("one-1()");
  });
});

describe("what a body returns", () => {
  test("made inside is returned as it is", () => {
    expect(
      linesOf(() => {
        const shape = when(test1(), () => ({ list: [one()], text: "x" }));
        expect(shape.text).toBe("x");
        inc(shape.list[0] as Ref<number>);
      }).at(-1),
    ).toBe("inc-1([one-1]) <- one-1 data");
  });

  test("made outside goes through a gate [CASE-3]", () => {
    expect(
      linesOf(() => {
        const x = one();
        inc(when(test1(), () => x));
      }).slice(2),
    ).toEqual([
      "~case-1([test-1]) <- test-1 data",
      "~gate-1([one-1]) <- ~case-1 gate, one-1 data",
      "inc-1([~gate-1]) <- ~gate-1 data",
    ]);
  });

  test("anywhere in a shape, each ref by one gate", () => {
    const lines = linesOf(() => {
      const x = one();
      const shape = when(test1(), () => ({ a: [x, x], b: { c: x } }));
      sum([...shape.a, shape.b.c]);
    });
    expect(lines.filter((line) => line.startsWith("~gate"))).toHaveLength(1);
    expect(lines.at(-2)).toContain("~list-1([~gate-1], [~gate-1], [~gate-1])");
  });

  test("settled goes through a gate even where it was made inside, since it never skips", () => {
    expect(linesOf(() => [when(test1(), () => settled(one()))]).slice(2)).toEqual([
      "one-1() <- ~case-1 gate",
      "~gate-1(settled([one-1])) <- ~case-1 gate, one-1 data settled",
    ]);
  });

  test("a constant goes through a gate", () => {
    expect(linesOf(() => [inc(1), when(test1(), () => constant(3))]).at(-1)).toBe(
      "~gate-1([constant-1]) <- ~case-1 gate, constant-1 data",
    );
  });

  test("a parameter first read inside goes through a gate", () => {
    const read = flow("read", { params: z.object({ x: z.number() }) }, (p) => when(test1(), () => p.x));
    expect(linesOf(read).at(-1)).toBe("~gate-1([x]) <- ~case-1 gate, x data");
  });

  test("may be nothing", () => {
    expect(linesOf(() => [when(test1(), () => void one())])).toHaveLength(3);
  });
});

describe("ifElse", () => {
  test("is two cases and the merge of both results [CASE-2]", () => {
    expect(
      linesOf(() => {
        const x = one();
        return ifElse(
          test1(),
          () => inc(x),
          () => x,
        );
      }).slice(2),
    ).toEqual([
      "~case-1([test-1]) <- test-1 data",
      "inc-1([one-1]) <- ~case-1 gate, one-1 data",
      "~case-2([test-1]) <- test-1 data",
      "~gate-1([one-1]) <- ~case-2 gate, one-1 data",
      "merge-1([inc-1], [~gate-1]) <- inc-1 data, ~gate-1 data",
    ]);
    const graph = graphOf(() => ifElse(test1(), one, one));
    expect(graph.specs.flatMap((spec) => (spec.kind === "case" ? [spec.test.is] : []))).toEqual(["truthy", "falsy"]);
  });

  test("in a body: its cases hang on the outer case [CASE-1]", () => {
    const lines = linesOf(() => {
      const yes = test1();
      when(yes, () => ifElse(yes, one, one));
    });
    expect(lines.filter((line) => line.startsWith("~case")).slice(1)).toEqual([
      "~case-2([test-1]) <- ~case-1 gate, test-1 data",
      "~case-3([test-1]) <- ~case-1 gate, test-1 data",
    ]);
    expect(lines.at(-1)).toBe("merge-1([one-1], [one-2]) <- one-1 data, one-2 data");
  });

  test("on isFailed(settled(x)) is a rescue", () => {
    expect(
      linesOf(() => {
        const x = one();
        return ifElse(isFailed(settled(x)), one, () => x);
      }).slice(1, 3),
    ).toEqual(["~isFailed-1(settled([one-1])) <- one-1 data settled", "~case-1([~isFailed-1]) <- ~isFailed-1 data"]);
  });
});

describe("merge", () => {
  test("takes its branches in order [CASE-3]", () => {
    expect(linesOf(() => merge(one(), color())).at(-1)).toBe("merge-1([one-1], [color-1]) <- one-1 data, color-1 data");
  });

  test("of refs from outside is gated by its block [CASE-3]", () => {
    expect(
      linesOf(() => {
        const [x, y] = [one(), one()];
        when(test1(), () => merge(x, y));
      }).at(-1),
    ).toBe("merge-1([one-1], [one-2]) <- ~case-1 gate, one-1 data, one-2 data");
  });
});

describe("is refused:", () => {
  test.each([
    ["comparing with an object", () => when(one() as never, {} as never, one), /^INVALID_CASE: .*===/],
    ["an async body", () => when(test1(), (async () => one()) as never), /^BRANCH_ASYNC/],
    ["a body that is none", () => when(test1(), 3 as never), /^NOT_A_FUNCTION/],
    [
      "a condition that is no ref",
      () => when(true as never, one),
      /^NOT_A_REF: when\(\.\.\.\) takes .* not the boolean true/,
    ],
    ["a settled condition", () => when(settled(one()) as never, one), /^MISPLACED_ANNOTATION: .*isFailed/],
    [
      "a branch of ifElse that gives no ref",
      () => ifElse(test1(), () => 3 as never, one),
      /^NOT_A_REF: a branch of ifElse/,
    ],
    ["merge of nothing", () => [one(), merge()], /^NOT_A_REF: merge\(\)/],
    ["merge of a list", () => merge([] as never), /^NOT_A_REF: .* not an array$/],
    ["merge of an object", () => merge({} as never), /^NOT_A_REF: .* not a plain object$/],
    ["merge of an instance", () => merge(new Date(0) as never), /^NOT_A_REF: .* not an object of class Date$/],
    ["merge of null", () => merge(null as never), /^NOT_A_REF: .* not null$/],
    ["merge of a value", () => merge(3 as never), /^NOT_A_REF: merge\(\.\.\.\) takes .* not the number 3/],
  ])("%s", (_what, fn, message) => {
    expect(buildError(fn)).toMatch(message);
  });

  test("a body that returns a shape which holds itself", () => {
    const loop: unknown[] = [];
    loop.push(loop);
    expect(buildError(() => when(test1(), () => loop))).toMatch(/^ARGUMENT_TOO_DEEP: what a branch of when/);
  });
});

test("pick in a body is gated, unless what it picks from was made there", () => {
  const box = task("box", () => ({ a: 1 }));
  expect(
    linesOf(() => {
      const outside = box();
      when(test1(), () => [pick(outside, "a"), pick(box(), "a")]);
    }).slice(3),
  ).toEqual([
    '~pick-1([box-1], "a") <- ~case-1 gate, box-1 data',
    "box-2() <- ~case-1 gate",
    '~pick-2([box-2], "a") <- box-2 data',
  ]);
});
