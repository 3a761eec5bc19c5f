import { flow, tags, task } from "@millrace/core";
import { expect, test } from "vitest";
import { blueprintOf, buildError, errorOf, graphOf } from "./built.js";

const inc = task("inc", { tags: ["own"] }, (x: number) => x + 1);
const tagsOf = (fn: () => unknown): unknown[] => {
  const graph = graphOf(fn);
  return graph.specs.flatMap((spec) => (spec.kind === "task" ? [spec.tags] : []));
};

test("a block adds its tags to the tasks called in it, sorted, each once [TASK-1]", () => {
  expect(
    tagsOf(() => {
      tags(["z", "a", "own"], () => inc(1));
      inc(2);
    }),
  ).toEqual([["a", "own", "z"], ["own"]]);
});

test("blocks nest, and give what their body gives [TASK-1]", () => {
  expect(
    tagsOf(() => {
      const value = tags(["a"], () => tags(["b"], () => (inc(1), "value")));
      expect(value).toBe("value");
      tags(["a"], () => inc(1));
    }),
  ).toEqual([
    ["a", "b", "own"],
    ["a", "own"],
  ]);
});

test("a block ends when its body throws", () => {
  expect(
    tagsOf(() => {
      try {
        tags(["a"], () => {
          throw new Error("stop");
        });
      } catch {
        // as a user might
      }
      inc(1);
    }),
  ).toEqual([["own"]]);
});

test("calls under equal tags share a spec", () => {
  const graph = graphOf(() => {
    for (let i = 0; i < 10; i++) tags(["a"], () => inc(i));
    tags(["a"], () => tags(["a"], () => inc(1)));
  });
  expect(graph.specs.filter(({ kind }) => kind === "task")).toHaveLength(1);
});

test("a flow's tags are those of all its tasks [TASK-1]", () => {
  const nightly = flow("nightly", { tags: ["night"] }, () => tags(["a"], () => inc(1)));
  expect(blueprintOf(nightly).graph.spec(0)).toMatchObject({ tags: ["a", "night", "own"] });
});

test("a bare text is refused, and so is a block outside a flow [TASK-1]", () => {
  expect(buildError(() => tags("slow" as never, () => inc(1)))).toMatch(/^INVALID_OPTION: .*the string "slow"/);
  expect(errorOf(() => tags(["a"], () => 1))).toMatch(/^OUTSIDE_FLOW: tags/);
});
