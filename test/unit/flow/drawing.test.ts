import { describeFlow, flow, isFlow, param, settled, task, unmapped, when } from "@millrace/core";
import { describe, expect, test } from "vitest";

const list = task("list", { args: ["dir"], tags: ["io"] }, (_dir: string) => [1, 2]);
const add = task("add", { args: ["a"] }, (a: number, b: number) => a + b);
const yes = task("yes", () => true);
const drawn = flow("drawn", { params: { dir: param("."), n: param(1) } }, (p) => {
  const numbers = list(p.dir);
  add(p.n, p.n);
  when(yes(), () => add.with({ upstream: [numbers] })(1, 2));
  return add.map(numbers, unmapped(p.n));
});

describe("a drawing", () => {
  test("has a node for each task and piece of structure, but for the result", async () => {
    const graph = await drawn.graph();
    expect(graph.graph()).toEqual({ flow: "drawn" });
    expect(graph.nodes()).toEqual(["dir", "n", "list-io-1", "add-1", "yes-1", "~case-1", "add-2", "add-3"]);
    expect(graph.node("list-io-1")).toEqual({
      name: "list",
      slug: "list-io-1",
      kind: "task",
      mapped: false,
      tags: ["io"],
    });
    expect(graph.node("add-3")).toMatchObject({ name: "add", mapped: true });
    expect(graph.node("dir")).toMatchObject({ name: "dir", kind: "parameter" });
    expect(graph.node("~case-1")).toMatchObject({ name: "case", kind: "case" });
  });

  test("has an edge for each input, by name or position", async () => {
    const graph = await drawn.graph();
    const edges = graph.edges().map(({ v, w, name = "" }) => [v, w, graph.edge(v, w, name)]);
    expect(edges).toEqual([
      ["dir", "list-io-1", { argument: "dir", mapped: false, data: true }],
      ["n", "add-1", { argument: "a", mapped: false, data: true }],
      ["n", "add-1", { argument: "1", mapped: false, data: true }],
      ["yes-1", "~case-1", { argument: "0", mapped: false, data: true }],
      ["~case-1", "add-2", { mapped: false, data: false }],
      ["list-io-1", "add-2", { mapped: false, data: false }],
      ["list-io-1", "add-3", { argument: "a", mapped: true, data: true }],
      ["n", "add-3", { argument: "1", mapped: false, data: true }],
    ]);
  });

  test("names a record's inputs by its keys", async () => {
    const take = task("take", (_x: unknown) => 1);
    const graph = await flow("record", () => take({ x: 1, y: settled(yes()) })).graph();
    expect(graph.edge("yes-1", "~record-1", "y")).toEqual({ argument: "y", mapped: false, data: true });
  });

  test("can be asked for what graphlib knows", async () => {
    const graph = await drawn.graph();
    expect(graph.predecessors("add-2")?.sort()).toEqual(["list-io-1", "~case-1"]);
    expect(graph.sinks()).toEqual(["add-1", "add-2", "add-3"]);
  });

  test("is refused from 10,000 nodes on, with what to do", { timeout: 30_000 }, async () => {
    const size = (count: number) =>
      flow("big", () => {
        for (let i = 0; i < count; i++) yes();
      });
    expect((await size(9_999).graph()).nodeCount()).toBe(9_999);
    await expect(size(10_000).graph()).rejects.toThrow(
      expect.objectContaining({
        code: "GRAPH_TOO_LARGE_TO_DRAW",
        message: expect.stringMatching(/"big" has 10000 nodes.*use \.map/) as unknown,
      }),
    );
  });
});

test("describeFlow lists parameters and tasks as plain data", () => {
  const info = describeFlow(drawn);
  expect(info.name).toBe("drawn");
  expect(info.parameters.map(({ name }) => name)).toEqual(["dir", "n"]);
  expect(info.tasks.map(({ slug, upstream, mapped }) => [slug, mapped, ...upstream])).toEqual([
    ["list-io-1", false, "dir"],
    ["add-1", false, "n"],
    ["yes-1", false],
    ["add-2", false, "~case-1", "list-io-1"],
    ["add-3", true, "list-io-1", "n"],
  ]);
});

test("isFlow tells a flow from everything else", () => {
  expect(isFlow(drawn)).toBe(true);
  expect([yes, {}, null, "drawn", { run() {} }].map(isFlow)).toEqual([false, false, false, false, false]);
  expect(() => describeFlow({ name: "x" } as never)).toThrow(expect.objectContaining({ code: "NOT_A_FLOW" }));
});
