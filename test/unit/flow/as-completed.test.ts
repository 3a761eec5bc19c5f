import { AsyncExecutor, asCompleted, type Completed, type Future, openPool, skip, task } from "@millrace/core";
import { expect, test } from "vitest";
import { Gate } from "../../support/gate.js";

const broken = new Error("broken");

test("futures come as they end, with their place and what became of them", async () => {
  const pool = await openPool(new AsyncExecutor({ concurrency: 10 }));
  const gates = [new Gate(), new Gate(), new Gate(), new Gate()];
  const waits = task("waits", async (i: number): Promise<string> => {
    await gates[i]?.opened;
    if (i === 1) throw broken;
    return i === 2 ? skip("third") : `value ${i}`;
  });
  const futures = gates.map((_, i) => pool.submit(waits, i));
  futures[3]?.cancel("last");
  const completed = asCompleted(futures)[Symbol.asyncIterator]();
  const seen: unknown[] = [];
  for (const i of [undefined, 2, 0, 1, undefined]) {
    if (i !== undefined) gates[i]?.open();
    gates[3]?.open();
    seen.push((await completed.next()).value);
  }
  expect(seen).toEqual([
    { status: "failed", state: "Cancelled", error: expect.objectContaining({ code: "CANCELLED" }), index: 3 },
    { status: "skipped", state: "Skipped", raised: true, reason: "third", index: 2 },
    { status: "success", state: "Success", value: "value 0", index: 0 },
    { status: "failed", state: "Failed", error: broken, index: 1 },
    undefined,
  ]);
  await pool.close();
});

test("what has ended before, and what stands twice, comes too; a walk may be left early", async () => {
  const pool = await openPool();
  const one = pool.submit(task("one", () => 1));
  const list = pool.map(
    task("half", (n: number) => n / 2),
    [2, 4],
  );
  await pool.gather([one, list]);
  const all: Completed<number | number[]>[] = [];
  const futures: Future<number | number[]>[] = [one, list, one];
  for await (const completed of asCompleted(futures)) all.push(completed);
  expect(all).toEqual([
    { status: "success", state: "Success", value: 1, index: 0 },
    { status: "success", state: "Mapped", value: [1, 2], index: 1 },
    { status: "success", state: "Success", value: 1, index: 2 },
  ]);
  for await (const { index } of asCompleted(futures)) {
    expect(index).toBe(0);
    break;
  }
  expect(() => Reflect.apply(asCompleted, undefined, [[Promise.resolve(1)]])).toThrow("asCompleted() was given");
  await pool.close();
});
