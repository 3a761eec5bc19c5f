import { constant, flow, param, referenceTasks, settled, settledEach, task } from "@millrace/core";
import { expect, test } from "vitest";
import { blueprintOf, buildError, edgesOf, lineOf } from "./built.js";

const one = task("one", () => 1);
const inc = task("inc", (x: number) => x + 1);
const resultOf = (fn: () => unknown): string => {
  const { graph, result } = blueprintOf(flow("test", fn));
  expect(result).toBe(graph.size - 1);
  return lineOf(graph, result);
};

test("the last node holds the returned shape in one tree, with an edge from each ref", () => {
  expect(resultOf(() => ({ a: [one(), { b: inc(1) }], c: "x" }))).toBe(
    '~result-1(record(a: list([one-1], record(b: [inc-1])), c: "x")) <- one-1 data, inc-1 data',
  );
});

test("what is settled may be returned", () => {
  expect(resultOf(() => [settled(one()), settledEach(inc.map([1]))])).toBe(
    "~result-1(list(settled([one-1]), settledEach([inc-1]))) <- one-1 data settled, inc-1 data settled each",
  );
});

test("nothing, and values without refs, are constants", () => {
  expect(resultOf(() => void one())).toBe("~result-1(undefined)");
  expect(resultOf(() => (one(), [1, { a: 2 }]))).toBe('~result-1([1,{"a":2}])');
});

test("the returned nodes are those of the refs, each once", () => {
  const { graph, returned } = blueprintOf(
    flow("test", () => {
      const x = one();
      return [x, x, { y: inc(2) }];
    }),
  );
  expect(returned.map((node) => graph.slug(node))).toEqual(["one-1", "inc-1"]);
});

test("reference tasks are the default unless the function says so; the last saying counts [FLOW-6]", () => {
  const referencesOf = (fn: () => void) => {
    const { graph, references } = blueprintOf(flow("test", fn));
    return references?.map((node) => graph.slug(node));
  };
  expect(referencesOf(() => void one())).toBe(undefined);
  expect(
    referencesOf(() => {
      const [a, b] = [one(), inc(1)];
      referenceTasks(b);
      referenceTasks(a, b, a);
    }),
  ).toEqual(["one-1", "inc-1"]);
  expect(
    referencesOf(() => {
      referenceTasks(one());
      referenceTasks();
    }),
  ).toBe(undefined);
});

test("a mistake in the returned shape names the flow", () => {
  expect(buildError(() => [one(), Promise.resolve(1)])).toMatch(
    /^PROMISE_AS_ARGUMENT: what the flow "test" returns, at \[1\]/,
  );
  expect(buildError(() => [one(), inc])).toMatch(/^HANDLE_AS_ARGUMENT: what the flow "test" returns/);
});

test("constants and parameters may be returned", () => {
  const { graph, result } = blueprintOf(flow("test", { params: { p: param(1) } }, (p) => [one(), constant(2), p.p]));
  expect(edgesOf(graph, result)).toEqual(["one-1 data", "constant-1 data", "p data"]);
});
