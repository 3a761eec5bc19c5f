// What a user gives a cluster and cannot be sent, or only with care: the tasks concerned fail, with the reason, and nothing else does.
import { AsyncExecutor, context, type Executor, flow, loop, openPool, param, skip, task } from "@millrace/core";
import { NO_FAULTS, SimulatedExecutor } from "@millrace/testing";
import { afterEach, beforeEach, expect, test } from "vitest";

let executor = new SimulatedExecutor(1, { faults: NO_FAULTS });
beforeEach(() => {
  executor = new SimulatedExecutor(1, { faults: NO_FAULTS });
});
afterEach(() => executor.close());

const typeOf = task("type-of", (x: unknown) => typeof x);
const length = task("length", (x: Uint8Array) => x.length);
const inc = task("inc", (x: number) => x + 1);

test("an argument that cannot be sent fails its task alone, with the path of what is at fault", async () => {
  const run = await flow("f", () => [typeOf({ deep: [() => 1] }), typeOf(1)]).start({}, { executor }).done;
  expect([run.states.get("type-of-1"), run.states.get("type-of-2")]).toEqual(["Failed", "Success"]);
  expect(run.states.failure("type-of-1")).toMatchObject({ code: "NOT_SERIALISABLE" });
  expect(run.states.failure("type-of-1")?.message).toContain('argument 1 of "type-of-1".deep[0]');
});

test("a map over a list that cannot be sent says so itself, and so does what reads a part of one", async () => {
  const run = await flow("f", () => [typeOf.map([1, () => 1] as never), typeOf([inc(1), () => 1] as never)]).start(
    {},
    { executor },
  ).done;
  expect(run.state).toBe("Failed");
  for (const slug of ["type-of-1", "type-of-2"]) {
    expect(run.states.get(slug), slug).toBe("Failed");
    expect(run.states.failure(slug)?.code, slug).toBe("NOT_SERIALISABLE");
  }
  expect(run.states.get("inc-1")).toBe("Success");
});

test("in a pool a submit that cannot be sent fails by itself, whenever it comes", async () => {
  const pool = await openPool(executor);
  const good = pool.submit(inc, 1);
  const bad = pool.submit(typeOf, () => 1);
  const huge = pool.submit(length, new Uint8Array(3_000_000));
  const later = pool.submit(inc, good);
  await expect(bad).rejects.toThrow("is a function, which cannot leave the process");
  await expect(huge).rejects.toThrow("too large to be sent along with the graph");
  expect(await later).toBe(3);
  await pool.close();
});

test("a parameter of any size reaches the tasks that take it; what reads it from its context is told why it is not there", async () => {
  const reads = task("reads", () => context().parameters["big"] === undefined);
  const small = task("small", () => context().parameters["few"]);
  const made = flow("f", { params: { big: param<Uint8Array>(), few: param(3) } }, (p) => [
    length(p.big),
    small(),
    reads(),
  ]);
  const run = await made.start({ big: new Uint8Array(20_000_000) }, { executor }).done;
  expect([run.states.get("length-1"), run.states.get("small-1")]).toEqual(["Success", "Success"]);
  expect([await run.resultOf("length-1"), await run.resultOf("small-1")]).toEqual([20_000_000, 3]);
  expect(run.states.failure("reads-1")).toMatchObject({ code: "PARAMETER_NOT_SENT" });
});

test("arguments and parameters that are large together are not too much for a frame", async () => {
  const lengths = task("lengths", (...xs: string[]) => xs.reduce((sum, x) => sum + x.length, 0));
  const many = flow(
    "f",
    { params: Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, param("")])) },
    (p) => lengths(...Object.values(p)),
  );
  const given = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`p${i}`, "x".repeat(60_000)]));
  expect(await many.run(given, { executor })).toBe(40 * 60_000);
  const three = ["a", "b", "c"].map((x) => x.repeat(4_000_000));
  const run = await flow("g", () => [lengths(...three), lengths(...three.slice(1))]).start({}, { executor }).done;
  expect(run.states.failure("lengths-1")?.code).toBe("ARGUMENT_TOO_LARGE");
  expect(await run.resultOf("lengths-2")).toBe(8_000_000);
});

test("a parameter that cannot be sent throws at once, and the executor goes on", async () => {
  const made = flow("f", { params: { x: param<unknown>() } }, (p) => typeOf(p.x));
  expect(() => made.start({ x: { deep: () => 1 } }, { executor })).toThrow(
    expect.objectContaining({ code: "NOT_SERIALISABLE" }),
  );
  expect(await made.run({ x: 1 }, { executor })).toBe("number");
});

test("what a signal hands on is cut to what can be sent, or fails its task", async () => {
  const skips = task("skips", () => skip("y".repeat(400_000)));
  const loopsFn = task("loops-fn", () => loop(() => 1));
  const loopsBig = task("loops-big", () => loop("z".repeat(100_000)));
  const run = await flow("f", () => [skips(), loopsFn(), loopsBig()]).start({}, { executor }).done;
  expect(run.states.get("skips-1")).toBe("Skipped");
  expect(run.states.failure("loops-fn-1")?.code).toBe("NOT_SERIALISABLE");
  expect(run.states.failure("loops-big-1")?.code).toBe("LOOP_VALUE_TOO_LARGE");
});

test("a task hears why it is to stop, in the same words as in the user's own process", async () => {
  const reasonOn = async (on: Executor): Promise<unknown> => {
    let begin = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      begin = resolve;
    });
    let reason: unknown;
    const waits = task("waits", async () => {
      const { signal } = context();
      await new Promise<void>((resolve) => {
        signal.addEventListener("abort", () => resolve());
        begin();
      });
      reason = signal.reason;
    });
    const run = flow("f", () => waits()).start({}, { executor: on });
    await begun;
    run.cancel("enough");
    expect((await run.done).state).toBe("Cancelled");
    return reason;
  };
  const own = await reasonOn(new AsyncExecutor());
  expect(own).toContain("enough");
  expect(await reasonOn(executor)).toBe(own);
});

test("words of any length end nothing but themselves: they are cut; a name that is too long is refused with the run alone", async () => {
  const long = "x".repeat(300_000);
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const waits = task("waits", async () => {
    const { signal } = context();
    begin();
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  });
  const cancelled = flow("f", () => waits()).start({}, { executor });
  await begun;
  cancelled.cancel(long);
  expect((await cancelled.done).state).toBe("Cancelled");
  const skips = task("skips", () => skip(long));
  expect((await flow("g", () => skips()).start({}, { executor }).done).states.get("skips-1")).toBe("Skipped");
  const named = flow("h", () => inc.with({ slug: long })(1));
  await expect(named.run({}, { executor })).rejects.toMatchObject({ code: "FRAME_TOO_LARGE" });
  expect(await flow("i", () => inc(1)).run({}, { executor })).toBe(2);
});
