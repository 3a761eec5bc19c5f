import { flowRunId, taskRunId } from "@millrace/core/internal";
import { DEFAULT_RERUN, templateId, type Work, WorkRange, type WorkTemplate } from "@millrace/core/seam";
import { expect, test } from "vitest";
import { listOf, WaitingWorks, type Works } from "../../../packages/executor-local/src/works.js";

const facts = { id: flowRunId("r"), flow: "f", name: "n", parameters: {} };
const template: WorkTemplate = {
  id: templateId(0),
  name: "t",
  tags: [],
  slugPrefix: "t",
  args: [],
  retry: { retries: 0, delayMs: 0 },
  timeoutMs: undefined,
  rerun: DEFAULT_RERUN,
  fn: () => undefined,
  made: { name: "t", origin: { trace: {}, bodies: [] } },
};
const range = (index: number, length: number): WorkRange =>
  new WorkRange(facts, template, taskRunId(1000 + index), index, 1, length);
const single = (index: number): Work => range(index, 1).at(0);
const indexes = (works: Works): number[] => listOf(works).map(({ index }) => index);

function waiting(...works: readonly (Work | WorkRange)[]): WaitingWorks {
  const found = new WaitingWorks();
  for (const work of works) found.push(work);
  return found;
}

test("ranges that follow each other are taken as one", () => {
  const works = waiting(range(0, 3), range(3, 2), range(5, 4));
  expect(works.length).toBe(9);
  const taken = works.take(8);
  expect(taken).toBeInstanceOf(WorkRange);
  expect(indexes(taken)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(indexes(works.take(8))).toEqual([8]);
  expect(works.empty).toBe(true);
});

test("a range that was begun still grows at its end", () => {
  const works = waiting(range(0, 4));
  expect(indexes(works.take(3))).toEqual([0, 1, 2]);
  works.push(range(4, 2));
  expect(indexes(works.take(9))).toEqual([3, 4, 5]);
});

test("single works and ranges come in the order in which they were pushed, and never in one batch", () => {
  const works = waiting(range(0, 3), single(7), single(8), range(10, 2), range(20, 2));
  const taken: number[][] = [];
  while (!works.empty) taken.push(indexes(works.take(2)));
  expect(taken).toEqual([[0, 1], [2], [7, 8], [10, 11], [20, 21]]);
});

test("a gap, another template and a second pass are not joined", () => {
  const other = { ...template };
  const ofOther = new WorkRange(facts, other, taskRunId(1003), 3, 1, 2);
  const works = waiting(range(0, 3), ofOther, range(5, 1), range(0, 2));
  const taken: number[][] = [];
  while (!works.empty) taken.push(indexes(works.take(9)));
  expect(taken).toEqual([[0, 1, 2], [3, 4], [5], [0, 1]]);
});

test("all that waits is taken work by work, and nothing is left", () => {
  const works = waiting(range(0, 3), single(7), range(10, 2));
  works.take(1);
  expect(works.takeAll().map(({ index }) => index)).toEqual([1, 2, 7, 10, 11]);
  expect(works.length).toBe(0);
  works.push(range(0, 2));
  works.clear();
  expect(works.empty).toBe(true);
  expect(indexes(works.take(1))).toEqual([]);
});

test("a work of a range is what a single one would be", () => {
  expect(range(5, 9).at(3)).toMatchObject({
    run: facts,
    template,
    taskRun: 1008,
    attempt: 1,
    index: 8,
    slug: 1,
    length: 1,
  });
  expect(indexes(range(5, 9).slice(2, 3))).toEqual([7, 8, 9]);
});
