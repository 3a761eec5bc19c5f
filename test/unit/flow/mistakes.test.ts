import {
  FlowError,
  type Task,
  constant,
  fail,
  flow,
  mapped,
  merge,
  pick,
  referenceTasks,
  settled,
  task,
  unmapped,
} from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, errorOf } from "./built.js";

const inc = task("inc", (x: number) => x + 1);
const take = task("take", (_x: unknown) => 1);

describe("a task's definition is refused:", () => {
  const make = (options: object) => () => task("x", options as never, () => 1);
  test.each([
    ["without a name [TASK-1]", () => task("", () => 1), /^INVALID_OPTION: the name of a task is the string ""/],
    ["with a name that is no text", () => task(3 as never, () => 1), /^INVALID_OPTION: .*the number 3/],
    ["without a function", () => task("x", { retries: 1 } as never), /^NOT_A_FUNCTION: the task "x"/],
    ["of a class", () => task("x", class {} as never), /^NOT_A_FUNCTION: the task "x".*class/],
    ["of a generator", () => task("x", function* () {} as never), /^NOT_A_FUNCTION: .*generator/],
    ["of an async generator", () => task("x", async function* () {} as never), /^NOT_A_FUNCTION: .*generator/],
    ["of a task", () => task("x", inc as never), /^NOT_A_FUNCTION: .*a task/],
    ["with an unknown option [TASK-1]", make({ retires: 3 }), /^UNKNOWN_OPTION: "retires".*retries/],
    ["with a node's option", make({ slug: "x" }), /^UNKNOWN_OPTION: "slug"/],
    [
      "with tags as a bare text [TASK-1]",
      make({ tags: "slow" }),
      /^INVALID_OPTION: the option tags.*the string "slow"/,
    ],
    ["with an empty tag", make({ tags: ["a", ""] }), /^INVALID_OPTION: .*at \[1\]/],
    ["with half a retry", make({ retries: 1.5 }), /^INVALID_OPTION: retries .*the number 1.5/],
    ["with a delay and no retries [RETRY-2]", make({ retryDelay: "1s" }), /^DELAY_WITHOUT_RETRIES/],
    ["with a delay that is none", make({ retries: 1, retryDelay: "3 sec" }), /^INVALID_DURATION: .*"3 sec"/],
    ["with a delay below zero", make({ retries: 1, retryDelay: -1 }), /^INVALID_DURATION/],
    ["with an unknown trigger", make({ trigger: "allSucessful" }), /^INVALID_OPTION: trigger.*allSuccessful/],
    ["with two triggers", make({ trigger: { someFailed: {}, someSuccessful: {} } }), /^INVALID_OPTION: trigger/],
    [
      "with bounds that are none",
      make({ trigger: { someFailed: { atleast: 1 } } }),
      /^INVALID_OPTION: someFailed.*atleast/,
    ],
    ["with a skip rule that is none", make({ skipOnUpstreamSkip: 1 }), /^INVALID_OPTION: skipOnUpstreamSkip/],
    ["with no children at a time", make({ maxConcurrency: 0 }), /^INVALID_OPTION: maxConcurrency/],
    ["with half an open pipeline", make({ maxOpenPipelines: 0.5 }), /^INVALID_OPTION: maxOpenPipelines/],
    ["with resources that are none", make({ resources: 1 }), /^INVALID_OPTION: resources.*gpu: 1/],
    ["with none of a resource", make({ resources: { gpu: 0 } }), /^INVALID_OPTION: resources.*"gpu": the number 0/],
    ["with labels that are no list", make({ labels: "eu" }), /^INVALID_OPTION: labels/],
    ["with half a priority", make({ priority: 0.5 }), /^INVALID_OPTION: priority.*whole number/],
    ["with nout of none", make({ nout: 0 }), /^INVALID_OPTION: nout/],
    ["with args that are no list", make({ args: "url" }), /^INVALID_OPTION: args/],
    ["with options that are none", () => task("x", null as never, () => 1), /^INVALID_OPTION: the options .*null/],
  ])("%s", (_what, fn, message) => {
    expect(errorOf(fn)).toMatch(message);
  });

  test("a delay needs retries, be they the definition's or the node's [RETRY-2]", () => {
    expect(errorOf(() => inc.with({ retries: 2 }).with({ retryDelay: "1s" }))).toBe("no error");
    expect(errorOf(() => inc.with({ retryDelay: "1s" }))).toMatch(/^DELAY_WITHOUT_RETRIES/);
  });
});

describe("a node's options are refused:", () => {
  test.each([
    ["a definition's option", () => inc.with({ nout: 2 } as never), /^UNKNOWN_OPTION: "nout"/],
    ["upstream that is no list", () => inc.with({ upstream: 3 as never }), /^INVALID_OPTION: upstream of "inc"/],
    ["an empty slug", () => inc.with({ slug: "" }), /^INVALID_OPTION: slug/],
  ])("%s", (_what, fn, message) => {
    expect(errorOf(fn)).toMatch(message);
  });

  test.each([
    ["upstream that is no ref", () => inc.with({ upstream: [3 as never] })(1), /^NOT_A_REF: upstream of "inc"/],
    [
      "mapped() on a plain call",
      () => inc.with({ upstream: [mapped(inc.map([1]))] })(1),
      /^MISPLACED_ANNOTATION: upstream of "inc" holds mapped/,
    ],
    [
      "settled() as upstream",
      () => inc.with({ upstream: [settled(inc(1))] })(1),
      /^MISPLACED_ANNOTATION: upstream of "inc" holds settled/,
    ],
  ])("%s", (_what, fn, message) => {
    expect(buildError(fn)).toMatch(message);
  });
});

describe("out of place:", () => {
  test("a call outside a flow names the two ways [FLOW-2]", () => {
    expect(errorOf(() => inc(1))).toMatch(/^TASK_OUTSIDE_FLOW: .*"inc".*\.fn\(\.\.\.\).*flow\(\.\.\.\)/);
    expect(errorOf(() => inc.map([1]))).toMatch(/^TASK_OUTSIDE_FLOW/);
  });

  test("so do parts of a flow", () => {
    expect(errorOf(() => constant(1))).toMatch(/^OUTSIDE_FLOW: constant\(\.\.\.\)/);
    expect(errorOf(() => merge())).toMatch(/^OUTSIDE_FLOW: merge/);
  });

  test("a ref of another building of a flow", () => {
    let stray: ReturnType<Task<(x: number) => number>> | undefined;
    buildError(() => {
      stray = inc(1);
    });
    const other = flow("other", () => inc(stray as never));
    expect(buildError(other)).toMatch(/^FOREIGN_REF: the result of inc .*"test".*"other"/);
    expect(buildError(() => pick(stray as never, "x" as never))).toMatch(/^FOREIGN_REF/);
    let made: unknown;
    buildError(() => {
      made = constant(1);
      inc(1);
    });
    expect(buildError(() => take(made))).toMatch(/^FOREIGN_REF: the result of the constant "constant-1"/);
  });

  test("unmapped and mapped where they mean nothing", () => {
    expect(buildError(() => take(unmapped(inc(1))))).toMatch(/^MISPLACED_ANNOTATION: argument 1 of "take" is unmapped/);
    expect(buildError(() => take({ a: [unmapped(1)] }))).toMatch(/^MISPLACED_ANNOTATION: .*at \.a\[0\] is unmapped/);
    expect(buildError(() => take(mapped(inc.map([1]))))).toMatch(/^MISPLACED_ANNOTATION: argument 1 of "take"/);
  });

  test("refs in constant()", () => {
    expect(buildError(() => constant([inc(1)]))).toMatch(/^REF_IN_CONSTANT/);
  });
});

describe("a flow is refused:", () => {
  test.each([
    ["without a name [FLOW-1]", () => flow("", () => inc(1)), /^INVALID_OPTION: the name of a flow/],
    ["without a function", () => flow("x", { tags: [] } as never), /^NOT_A_FUNCTION: the flow "x"/],
    [
      "with an unknown option",
      () => flow("x", { executr: 1 } as never, () => 1),
      /^UNKNOWN_OPTION: "executr".*executor/,
    ],
    [
      "with a class as executor",
      () => flow("x", { executor: FlowError as never }, () => 1),
      /^INVALID_OPTION: the executor/,
    ],
    ["with tags as a bare text [TASK-1]", () => flow("x", { tags: "a" as never }, () => 1), /^INVALID_OPTION: .*tags/],
    ["with params that are none", () => flow("x", { params: [] as never }, () => 1), /^INVALID_OPTION: params/],
  ])("%s", (_what, fn, message) => {
    expect(errorOf(fn)).toMatch(message);
  });

  test("that calls no task", () => {
    expect(buildError(() => constant(1))).toMatch(/^EMPTY_FLOW: the function of the flow "test" called no task/);
  });

  test("whose function is async", async () => {
    const late = flow("late", (async () => inc(1)) as never);
    expect(buildError(late)).toMatch(/^FLOW_ASYNC: the function of the flow "late" is async/);
    await expect(late.run()).rejects.toMatchObject({ code: "FLOW_ASYNC" });
  });

  test("that is run while another one is built [FLOW-2]", () => {
    const inner = flow("inner", () => inc(1));
    expect(buildError(() => [inc(1), inner.start()])).toMatch(/^FLOW_IN_FLOW: the flow "inner" .*"test"/);
    expect(inner.check()).toEqual([]);
    expect(buildError(() => [inc(1), inner.start()])).toMatch(/^FLOW_IN_FLOW/);
  });
});

test("what the function throws is thrown as it is, and again at every later use", async () => {
  let runs = 0;
  const broken = flow("broken", () => {
    runs++;
    inc(1);
    throw new RangeError("mine");
  });
  const errors = await Promise.all(
    [broken.run(), broken.run(), broken.graph()].map((use) => use.catch((e: unknown) => e)),
  );
  expect(errors[0]).toBeInstanceOf(RangeError);
  expect(new Set(errors).size).toBe(1);
  expect(runs).toBe(1);
});

test("after an error the next flow can be built", () => {
  expect(buildError(() => fail("x"))).toMatch(/^TASK_FAILED/);
  expect(buildError(() => inc(1))).toBe("no error");
});

test("referenceTasks takes refs", () => {
  expect(buildError(() => referenceTasks(inc as never))).toMatch(/^NOT_A_REF: referenceTasks.*the function "inc"/);
  expect(buildError(() => referenceTasks(settled(inc(1))))).toMatch(/^MISPLACED_ANNOTATION: referenceTasks/);
});
