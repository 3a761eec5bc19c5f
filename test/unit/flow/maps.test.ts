import { constant, settled, settledEach, task, unmapped } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, graphOf, linesOf } from "./built.js";

const list = task("list", () => [1, 2]);
const inc = task("inc", (x: number) => x + 1);
const add = task("add", (a: number, b: number, c = 0) => a + b + c);
const take = task("take", (_x: unknown, _y?: unknown) => 1);

describe("a mapped call", () => {
  test("takes its lists element by element and unmapped values whole [MAP-1]", () => {
    expect(linesOf(() => add.map(list(), unmapped(4))).at(-1)).toBe(
      "add-1(element([list-1]), 4) <- list-1 data mapped",
    );
  });

  test("over a mapped task keeps its edges child by child [MAP-4]", () => {
    expect(linesOf(() => inc.map(inc.map(list()))).at(-1)).toBe("inc-2(element([inc-1])) <- inc-1 data mapped");
  });

  test("takes unmapped results whole, of tasks and in literals [MAP-4]", () => {
    expect(
      linesOf(() => {
        const m = inc.map(list());
        take.map(unmapped(m), [1]);
        take.map([1], unmapped({ a: m }));
      }).slice(2),
    ).toEqual([
      "constant-1([1])",
      "take-1([inc-1], element([constant-1])) <- inc-1 data, constant-1 data mapped",
      "constant-2([1])",
      "~record-1([inc-1]) <- inc-1 data",
      "take-2(element([constant-2]), [~record-1]) <- constant-2 data mapped, ~record-1 data",
    ]);
  });

  test("over a literal list goes over a constant, and over a list node where refs are in it [CONST-1]", () => {
    expect(linesOf(() => add.map([1, 2], [inc(1), 2]))).toEqual([
      "inc-1(1)",
      "constant-1([1,2])",
      "~list-1([inc-1], 2) <- inc-1 data",
      "add-1(element([constant-1]), element([~list-1])) <- constant-1 data mapped, ~list-1 data mapped",
    ]);
    expect(graphOf(() => inc.map([1, 2])).spec(0)).toEqual({ kind: "constant", meta: { length: 2, truthy: true } });
  });

  test("over settledEach stays child by child", () => {
    expect(linesOf(() => take.map(settledEach(inc.map(list())))).at(-1)).toBe(
      "take-1(element(settledEach([inc-1]))) <- inc-1 data mapped settled each",
    );
  });

  test("takes settled and settledEach whole where unmapped", () => {
    expect(
      linesOf(() => {
        const m = inc.map(list());
        take.map(m, unmapped(settled(m)));
        take.map(m, unmapped(settledEach(m)));
      }).slice(2),
    ).toEqual([
      "take-1(element([inc-1]), settled([inc-1])) <- inc-1 data mapped, inc-1 data settled repeated",
      "take-2(element([inc-1]), settledEach([inc-1])) <- inc-1 data mapped, inc-1 data settled each repeated",
    ]);
  });

  test("takes constant()", () => {
    expect(linesOf(() => inc.map(constant([1]))).at(-1)).toBe("inc-1(element([constant-1])) <- constant-1 data mapped");
  });
});

describe("is refused:", () => {
  test("a map over nothing but unmapped values [MAP-2]", () => {
    expect(buildError(() => inc.map(unmapped(1)))).toMatch(/^INVALID_GRAPH: .*"inc-1" is mapped over nothing/s);
    const none = task("none", () => 1);
    expect(buildError(() => none.map())).toMatch(/^INVALID_GRAPH: .*"none-1" is mapped over nothing/s);
  });

  test.each([
    ["a number", () => inc.map(4 as never), "the number 4"],
    ["a text, which has an index", () => inc.map("abc" as never), 'the string "abc"'],
    ["an object", () => inc.map({ a: 1 } as never), "a plain object"],
    ["undefined", () => inc.map(undefined as never), "undefined"],
    ["settled()", () => take.map(settled(list()) as never), "settled(...)"],
  ])("mapping over %s [MAP-1]", (_what, fn, text) => {
    const error = buildError(fn);
    expect(error).toMatch(/^NOT_A_LIST: argument 1 of "(?:inc|take)"\.map is/);
    expect(error).toContain(text);
  });
});
