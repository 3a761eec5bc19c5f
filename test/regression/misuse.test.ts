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
