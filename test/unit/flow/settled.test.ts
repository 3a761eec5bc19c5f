import { type Ref, type Settled, isFailed, pick, settled, settledEach, succeeded, task, unpack } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, linesOf } from "./built.js";

const one = task("one", () => 1);
const list = task("list", () => [1, 2]);
const inc = task("inc", (x: number) => x + 1);
const report = task("report", (_s: unknown) => 1);

describe("what became of a task", () => {
  test("is a mark on the edge, no node", () => {
    expect(linesOf(() => report(settled(one()))).slice(1)).toEqual([
      "report-1(settled([one-1])) <- one-1 data settled",
    ]);
    expect(linesOf(() => report(settledEach(list()))).slice(1)).toEqual([
      "report-1(settledEach([list-1])) <- list-1 data settled each",
    ]);
  });

  test("of a list of refs is a list node of settled items", () => {
    expect(linesOf(() => report(settledEach([one(), one()]))).slice(2)).toEqual([
      "~list-1(settled([one-1]), settled([one-2])) <- one-1 data settled, one-2 data settled",
      "report-1([~list-1]) <- ~list-1 data",
    ]);
  });

  test("can be picked from", () => {
    expect(linesOf(() => pick(settled(one()), "status")).at(-1)).toBe(
      '~pick-1(settled([one-1]), "status") <- one-1 data settled',
    );
  });
});

test("succeeded goes over a list, a map, or a list of refs", () => {
  expect(linesOf(() => succeeded(inc.map(list()))).at(-1)).toBe(
    "~succeeded-1(settledEach([inc-1])) <- inc-1 data settled each",
  );
  expect(linesOf(() => succeeded([one(), one()])).slice(2)).toEqual([
    "~list-1(settled([one-1]), settled([one-2])) <- one-1 data settled, one-2 data settled",
    "~succeeded-1([~list-1]) <- ~list-1 data",
  ]);
});

test("isFailed takes settled(...), or the ref of a settled value", () => {
  const given = task("given", (): Settled<number> => ({ status: "success", state: "Success", value: 1 }));
  expect(linesOf(() => isFailed(settled(one()))).at(-1)).toBe("~isFailed-1(settled([one-1])) <- one-1 data settled");
  expect(linesOf(() => isFailed(given())).at(-1)).toBe("~isFailed-1([given-1]) <- given-1 data");
});

test("pick takes keys and refs of keys; unpack gives one ref a position [TASK-3]", () => {
  const key = task("key", (): "a" => "a");
  const box = task("box", () => ({ a: 1 }));
  const pair = task("pair", (): [number, string] => [1, "a"]);
  expect(linesOf(() => pick(box(), key())).at(-1)).toBe("~pick-1([box-1], [key-1]) <- box-1 data, key-1 data");
  expect(
    linesOf(() => {
      const [, text] = unpack(pair(), 2);
      report(text);
    }).slice(1),
  ).toEqual([
    "~pick-1([pair-1], 0) <- pair-1 data",
    "~pick-2([pair-1], 1) <- pair-1 data",
    "report-1([~pick-2]) <- ~pick-2 data",
  ]);
});

describe("is refused:", () => {
  test.each([
    ["settled twice", () => settled(settled(one())), /^SETTLED_TWICE/],
    ["settledEach of settled", () => settledEach(settled(list()) as never), /^SETTLED_TWICE/],
    ["settled in a list for settledEach", () => settledEach([settled(one())]), /^SETTLED_TWICE: .*at \[0\]/],
    ["succeeded of settledEach", () => succeeded(settledEach(list())), /^SETTLED_TWICE/],
    ["a value in a list for succeeded", () => succeeded([one(), 3 as never]), /^NOT_A_REF: .*at \[1\].*the number 3/],
    ["no list", () => settledEach("abc" as never), /^NOT_A_LIST: settledEach/],
    ["isFailed of a list", () => isFailed(settledEach(list()) as never), /^MISPLACED_ANNOTATION: isFailed/],
    ["settled of a value", () => settled(3 as never), /^NOT_A_REF: settled/],
    ["a key of another type", () => pick(list(), Symbol("x") as never), /^INVALID_KEY/],
    ["a length that is none", () => unpack(list() as unknown as Ref<[number]>, 0 as never), /^INVALID_OPTION/],
  ])("%s", (_what, fn, message) => {
    expect(buildError(fn)).toMatch(message);
  });
});
