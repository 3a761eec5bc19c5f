import type { TaskProgress } from "@millrace/core";
import { expect, test } from "vitest";
import { activityTexts } from "../../../packages/millrace/src/cli/activity-text.js";
import { LazyLogger, thresholdOf } from "../../../packages/millrace/src/cli/lazy-logger.js";

function loggerWith(threshold: Parameters<typeof thresholdOf>[0]) {
  const written: string[] = [];
  let loads = 0;
  let give: () => void = () => undefined;
  const logger = new LazyLogger(thresholdOf(threshold), () => {
    loads++;
    return new Promise((resolve) => {
      give = () => resolve((level, message, fields) => written.push(`${level} ${message} ${JSON.stringify(fields)}`));
    });
  });
  return { logger, written, loads: () => loads, give: () => give() };
}

test("what writes records is loaded by the first one, once, and all come in order", async () => {
  const { logger, written, loads, give } = loggerWith(undefined);
  logger.debug("left out");
  await logger.written();
  expect(loads()).toBe(0);
  logger.info("one", { slug: "a-1" });
  logger.warn("two");
  expect([loads(), written]).toEqual([1, []]);
  give();
  await logger.written();
  logger.error("three");
  expect(written).toEqual(['info one {"slug":"a-1"}', "warn two {}", "error three {}"]);
  expect(loads()).toBe(1);
});

test.each([
  ["debug", ["debug", "info", "warn", "error"]],
  ["warn", ["warn", "error"]],
  ["silent", []],
] as const)("from the level %s on", async (level, expected) => {
  const { logger, written, give } = loggerWith(level);
  for (const method of ["debug", "info", "warn", "error"] as const) logger[method]("text");
  give();
  await logger.written();
  expect(written.map((line) => line.split(" ")[0])).toEqual(expected);
});

test("another level is wrong usage", () => {
  expect(() => thresholdOf("loud")).toThrow(/--log-level is loud: write one of debug, info/);
});

test("what threads do is told by thread, with what their tasks said; without threads by task", () => {
  const said: TaskProgress[] = [
    { slug: "parse-1", mapIndex: 3, thread: 2, done: 2, total: 5 },
    { slug: "load-1", mapIndex: undefined, thread: 1, done: 7, total: 0 },
    { slug: "parse-1", mapIndex: 1, thread: 1, done: 1, total: 1 },
  ];
  const activity = [
    { thread: 1, run: "r", slug: "load-1", mapIndex: undefined, waiting: 0 },
    { thread: 2, run: "r", slug: "parse-1", mapIndex: 3, waiting: 9 },
    { thread: 3, waiting: 0 },
  ];
  expect(activityTexts(said, activity)).toEqual(["1: load-1", "2: parse-1[3] 40 %"]);
  expect(activityTexts(said, [])).toEqual(["parse-1[3] 40 %", "load-1", "parse-1[1] 100 %"]);
  expect(activityTexts([], [])).toEqual([]);
});
