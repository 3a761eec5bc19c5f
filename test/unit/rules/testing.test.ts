// What a user's own tests lean on.
import { context, fail, flow, FlowFailed, isSignal, SequentialExecutor, skip, task } from "@millrace/core";
import { expect, test } from "vitest";

const once = { executor: new SequentialExecutor() };

test("a task's function is callable without a flow, and context() has defaults there [TEST-1]", () => {
  const add = task("add", (a: number, b: number) => a + b + context().runCount + context().loopValue(10));
  expect(add.fn(1, 2)).toBe(14);
  const skips = task("skips", () => skip("no"));
  const thrown = ((): unknown => {
    try {
      return skips.fn();
    } catch (error) {
      return error;
    }
  })();
  expect(isSignal(thrown)).toBe(true);
  expect(() => task("bad", () => fail("said so")).fn()).toThrow("said so");
});

test("what a task threw is thrown on by run: the very error, as the cause [TEST-2]", async () => {
  const error = new RangeError("mine");
  const fails = task("fails", () => {
    throw error;
  });
  const rejected: unknown = await flow("f", () => fails())
    .run({}, once)
    .catch((reason: unknown) => reason);
  expect(rejected).toBeInstanceOf(FlowFailed);
  expect(rejected).toMatchObject({ code: "FLOW_FAILED" });
  expect(rejected instanceof FlowFailed && rejected.cause).toBe(error);
  expect(rejected instanceof FlowFailed && rejected.causes).toEqual([error]);
});
