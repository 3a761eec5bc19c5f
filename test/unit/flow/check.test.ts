import { flow, ifElse, param, settled, settledEach, task, unmapped } from "@millrace/core";
import { describe, expect, test } from "vitest";

const one = task("one", () => 1);
const inc = task("inc", (x: number) => x + 1);
const late = task("late", { trigger: "allFinished" }, (_x: unknown, _y?: unknown) => 1);
const check = (fn: () => unknown) => flow("test", fn).check();
const warned = (fn: () => unknown) =>
  check(fn).map(({ code, slugs, severity }) => [severity, code, ...slugs].join(" "));

test("a flow that can run has no problems, and its tasks do not run", () => {
  let runs = 0;
  const count = task("count", () => runs++);
  expect(check(() => inc(count()))).toEqual([]);
  expect(runs).toBe(0);
});

describe("a warning for a value that may be missing", () => {
  const missing = "warning VALUE_MAY_BE_MISSING";

  test("where a task runs after failures or skips and takes the value plainly", () => {
    expect(warned(() => late(one()))).toEqual([`${missing} late-1 one-1`]);
    expect(warned(() => inc.with({ skipOnUpstreamSkip: false })(one()))).toEqual([`${missing} inc-1 one-1`]);
    expect(warned(() => inc.with({ trigger: { someFailed: { atLeast: 1 } } })(one()))).toHaveLength(1);
  });

  test("says what to take instead, also for a map", () => {
    expect(check(() => late(one()))[0]?.message).toMatch(/"late-1" may run where "one-1" failed.*take it as settled\(/);
    expect(check(() => late.map(inc.map([1])))[0]?.message).toMatch(/take it as settledEach\(/);
  });

  test("not where it is taken as settled, waited for only, or always there", () => {
    const limit = flow("limit", { params: { n: param(1) } }, (p) => {
      const m = inc.map([1]);
      late(settled(one()), p.n);
      late.map(settledEach(m), unmapped(p.n));
      late.map([1, 2]);
      late.with({ upstream: [m] })(1);
    });
    expect(limit.check()).toEqual([]);
  });

  test("not for rules under which a missing value ends the task first", () => {
    expect(check(() => inc.with({ trigger: "allSuccessful" })(one()))).toEqual([]);
    expect(check(() => inc.with({ trigger: "notAllSkipped" })(one()))).toEqual([]);
    expect(check(() => inc.with({ skipOnUpstreamSkip: true })(one()))).toEqual([]);
    expect(warned(() => inc.with({ trigger: "notAllSkipped", skipOnUpstreamSkip: false })(one()))).toHaveLength(1);
  });

  test("not for structure", () => {
    expect(
      check(() => {
        const x = one();
        return ifElse(
          task("yes", () => true)(),
          () => inc(x),
          () => x,
        );
      }),
    ).toEqual([]);
  });
});

test("what building throws is a problem, with the error's code", () => {
  expect(check(() => 1)).toEqual([expect.objectContaining({ severity: "error", code: "EMPTY_FLOW", slugs: [] })]);
  expect(
    check(() => {
      throw new TypeError("mine");
    }),
  ).toEqual([{ severity: "error", code: "FLOW_FUNCTION_THREW", message: "mine", slugs: [] }]);
});

test("what makes the graph impossible to run is a problem each", () => {
  expect(
    check(() => {
      inc.map(unmapped(1));
      inc.map(unmapped(2));
    }).map(({ severity, code, slugs }) => [severity, code, ...slugs]),
  ).toEqual([
    ["error", "NOTHING_TO_MAP", "inc-1"],
    ["error", "NOTHING_TO_MAP", "inc-2"],
  ]);
});
