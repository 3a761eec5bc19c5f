import type * as Core from "@millrace/core";
import { beforeAll, expect, test, vi } from "vitest";

let mine: typeof Core;
let other: typeof Core;

beforeAll(async () => {
  mine = await import("@millrace/core");
  vi.resetModules();
  other = await import("@millrace/core");
  expect(other.task).not.toBe(mine.task);
});

const errorOf = (flow: Core.AnyFlow): string =>
  flow.check().map(({ code, message }) => `${code}: ${message}`)[0] ?? "none";

test("a task of another copy, called in a flow, says that there are two", () => {
  const theirs = other.task("theirs", () => 1);
  expect(errorOf(mine.flow("mine", () => theirs()))).toMatch(/^TWO_COPIES: .*"theirs".*\n- .*npm ls millrace/s);
});

test("so do a ref, a parameter and a flow", () => {
  const ours = mine.task("ours", (x: number) => x);
  let stray: Core.Ref<number> | undefined;
  other.flow("other", () => (stray = other.task("theirs", () => 1)())).check();
  expect(errorOf(mine.flow("mine", () => ours(stray as never)))).toMatch(/^TWO_COPIES: a ref/);
  expect(() => mine.flow("mine", { params: { n: other.param(1) } }, () => ours(1))).toThrow(
    expect.objectContaining({ code: "TWO_COPIES" }),
  );
  const flow = other.flow("other", () => 1);
  expect(() => mine.describeFlow(flow)).toThrow(expect.objectContaining({ code: "TWO_COPIES" }));
  expect(mine.isFlow(flow)).toBe(true);
});

test("a flow of another copy cannot run while one is built here", () => {
  const theirs = other.flow("theirs", () => other.task("x", () => 1)());
  expect(errorOf(mine.flow("mine", () => theirs.start()))).toMatch(/^FLOW_IN_FLOW: the flow "theirs"/);
});
