// What tasks need of a worker, and in which order they go.
import { flow, SequentialExecutor, tags, task } from "@millrace/core";
import { expect, test } from "vitest";
import { errorOf, graphOf } from "./built.js";

const needsIn = (build: () => unknown): unknown[] =>
  graphOf(build).specs.flatMap((spec) => (spec.kind === "task" ? [spec.needs] : []));

test("a task's needs go with its nodes; a node's own replace them name by option", () => {
  const train = task("train", { resources: { gpu: 1 }, labels: ["eu", "eu"] }, (x: number) => x);
  expect(needsIn(() => [train(1)])).toEqual([{ resources: { gpu: 1 }, labels: ["eu"] }]);
  expect(needsIn(() => [train.with({ resources: { tpu: 0.5 } })(1)])).toEqual([
    { resources: { tpu: 0.5 }, labels: ["eu"] },
  ]);
  expect(needsIn(() => [train.with({ resources: {}, labels: [] })(1)])).toEqual([undefined]);
});

test("tags dask-resource:KEY=NUM name resources, in any case, and add up; the option counts before them [CLUS-7]", () => {
  const train = task("train", { tags: ["dask-resource:GPU=1", "DASK-Resource:ram=2.5"] }, (x: number) => x);
  expect(needsIn(() => [train(1)])).toEqual([{ resources: { GPU: 1, ram: 2.5 }, labels: [] }]);
  expect(needsIn(() => tags(["dask-resource:GPU=2"], () => [train(1)]))).toEqual([
    { resources: { GPU: 3, ram: 2.5 }, labels: [] },
  ]);
  expect(needsIn(() => [train.with({ resources: { GPU: 7 } })(1)])).toEqual([
    { resources: { GPU: 7, ram: 2.5 }, labels: [] },
  ]);
});

test.each([
  "dask-resource:GPU",
  "dask-resource:=1",
  "dask-resource:GPU=",
  "dask-resource:GPU=many",
  "dask-resource:a=0",
])("the tag %s names no amount and is refused [CLUS-7]", (tag) => {
  const train = task("train", { tags: [tag] }, (x: number) => x);
  expect(errorOf(() => graphOf(() => [train(1)]))).toMatch(/^INVALID_OPTION.*resources: \{ KEY: NUM \}/);
});

test("amounts beyond what sums of parts are exact for are refused, also where tags add up to them", () => {
  const of = (options: object) => errorOf(() => graphOf(() => [task("train", options, (x: number) => x)(1)]));
  expect(of({ resources: { ram: 2 ** 34 } })).toMatch(/^INVALID_OPTION: resources .*"ram".*a larger unit/);
  expect(of({ tags: ["dask-resource:gpu=1e308", "dask-resource:gpu=1.7e308"] })).toMatch(
    /^INVALID_OPTION.*a larger unit/,
  );
  expect(of({ tags: ["dask-resource:gpu=5e9", "dask-resource:gpu=6e9"] })).toMatch(/^INVALID_OPTION.*a larger unit/);
});

test("of what is ready the highest priority goes first, then the deepest [DIST-7]", async () => {
  const order: string[] = [];
  const step = (name: string, priority?: number) =>
    task(name, { priority }, (_x: unknown) => {
      order.push(name);
    });
  const [plain, urgent, later, below] = [step("plain"), step("urgent", 2), step("later", -1), step("below")];
  const many = task("many", { priority: 1 }, (x: number) => {
    order.push(`many${x}`);
  });
  await flow("f", () => [later(0), below(plain(0)), many.map([0, 1]), urgent(0)]).run(
    {},
    { executor: new SequentialExecutor() },
  );
  expect(order).toEqual(["urgent", "many0", "many1", "plain", "below", "later"]);
});

test("needs have no effect where there is one machine", async () => {
  const train = task("train", { resources: { gpu: 8 }, labels: ["mars"] }, (x: number) => x + 1);
  const value = await flow("f", () => train(1)).run({}, { executor: new SequentialExecutor() });
  expect(value).toBe(2);
});
