// Mistakes that passed in silence.
import { flow, type Ref, skip, task } from "@millrace/core";
import { expect, test } from "vitest";

const one = task("one", () => 1);

test("a flow that is run inside a flow's function is an error of the outer one, looked at or not [FLOW-2]", async () => {
  const inner = flow("inner", () => one());
  for (const use of [
    () => void inner.run().catch(() => undefined),
    () => void inner.graph().catch(() => undefined),
    () => {
      try {
        inner.start();
      } catch {
        // swallowed
      }
    },
  ]) {
    const outer = flow("outer", () => {
      use();
      return one();
    });
    await expect(outer.run()).rejects.toMatchObject({ code: "FLOW_IN_FLOW" });
  }
});

test("a ref inside a Map, a Set or an object of a class is refused, not passed as it is", () => {
  class Box {
    readonly inner: Ref<number> = one();
  }
  const take = task("take", (x: unknown) => x);
  for (const make of [() => new Map([["a", one()]]), () => new Set([one()]), () => new Box()]) {
    expect(() => flow("f", () => take(make())).start()).toThrow(expect.objectContaining({ code: "REF_OUT_OF_REACH" }));
  }
});

test("a returned result that is missing is named by its own task", async () => {
  const none = task("none", (): number => skip("nothing"));
  const run = await flow("f", () => ({ a: one(), b: [none()] })).start().done;
  expect(() => run.value).toThrow(/"none-1" has no result, it is Skipped/);
});

test("merge passes by a map whose children were all skipped [CASE-3]", async () => {
  const { merge } = await import("@millrace/core");
  const none = task("none", (_x: number): number => skip("nothing"));
  expect(await flow("f", () => merge(none.map([1, 2]), one())).run()).toBe(1);
});

test("a ref that was spread is refused by that name", () => {
  const take = task("take", (x: unknown) => x);
  expect(() => flow("f", () => take({ ...one(), more: 1 })).start()).toThrow(
    expect.objectContaining({ code: "SPREAD_REF" }),
  );
});

test("what a whole schema does not know is refused, not dropped [PARAM-1]", async () => {
  const z = await import("zod");
  const take = task("take", (n: number) => n);
  const build = flow("f", { params: z.object({ n: z.number().default(3) }) }, (p) => take(p.n));
  expect(() => Reflect.apply(build.start, build, [{ nn: 4 }])).toThrow(
    expect.objectContaining({ code: "INVALID_PARAMS", issues: [expect.objectContaining({ path: ["nn"] })] }),
  );
  expect(await build.run({})).toBe(3);
});

test("an executor's options are checked", async () => {
  const { AsyncExecutor } = await import("@millrace/core");
  for (const options of [{ concurency: 3 }, 8, { concurrency: 0 }]) {
    expect(() => Reflect.construct(AsyncExecutor, [options])).toThrow(
      expect.objectContaining({ code: "INVALID_OPTION" }),
    );
  }
});

test("a failure tells what caused it", async () => {
  const bad = task("bad", () => {
    throw new Error("outer", { cause: new TypeError("inner", { cause: "a text" }) });
  });
  const { states } = await flow("f", () => bad()).start().done;
  expect(states.failure("bad-1")).toMatchObject({
    message: "outer",
    cause: { name: "TypeError", message: "inner", cause: { code: "THREW_NO_ERROR" } },
  });
});

test("many runs that follow one signal have one listener, and all are cancelled", async () => {
  const { context } = await import("@millrace/core");
  const { signal, abort } = (() => {
    const controller = new AbortController();
    return { signal: controller.signal, abort: () => controller.abort() };
  })();
  let listeners = 0;
  const add = signal.addEventListener.bind(signal);
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    listeners++;
    add(...args);
  };
  const wait = task("wait", () => new Promise((resolve) => context().signal.addEventListener("abort", resolve)));
  const build = flow("f", () => wait());
  const runs = Array.from({ length: 20 }, () => build.start({}, { signal }).done);
  expect(listeners).toBe(1);
  abort();
  expect((await Promise.all(runs)).every((run) => run.state === "Cancelled")).toBe(true);
});
