// Pools over threads: submits, futures as arguments, cancel, close.
import { asCompleted, openPool } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, describe, expect, test } from "vitest";
import { turns } from "../../support/gate.js";
import * as tasks from "./tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2, graceMs: 30 });
afterAll(() => executor.close());
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("a pool over threads", () => {
  test("takes futures anywhere in arguments, and gives values of any nesting [EXEC-2] [EXEC-3]", async () => {
    const pool = await openPool(executor);
    const [a, b] = [pool.submit(tasks.double, 1), pool.submit(tasks.double, 2)];
    const total = pool.submit(tasks.sum, [a, b, 10]);
    expect(await pool.gather({ total, list: [a, b], plain: 1 })).toEqual({ total: 16, list: [2, 4], plain: 1 });
    await pool.close();
  });

  test("runs ten thousand submits, each once", async () => {
    const pool = await openPool(executor);
    const futures = upTo(10_000).map((x) => pool.submit(tasks.double, x));
    expect(await Promise.all(futures)).toEqual(upTo(10_000).map((x) => 2 * x));
    await pool.close();
  });

  test("maps, and tells of ends as they come [EXEC-9]", async () => {
    const pool = await openPool(executor);
    expect(await pool.map(tasks.double, [1, 2, 3])).toEqual([2, 4, 6]);
    const seen: unknown[] = [];
    for await (const { index, status } of asCompleted([pool.submit(tasks.pause, 60), pool.submit(tasks.exitsOnce)]))
      seen.push([index, status]);
    expect(seen).toEqual(
      expect.arrayContaining([
        [0, "success"],
        [1, "failed"],
      ]),
    );
    await pool.close();
  });

  test("tells a task that timed out from one that failed", async () => {
    const pool = await openPool(executor);
    const late = pool.submit(tasks.loops);
    await expect(late).rejects.toMatchObject({ code: "TIMED_OUT" });
    expect(late.state).toBe("TimedOut");
    for await (const end of asCompleted([late])) expect(end).toMatchObject({ status: "failed", state: "TimedOut" });
    await pool.close();
  });

  test("cancels one that never yields, and the others go on [EXEC-9]", async () => {
    const pool = await openPool(executor);
    const begun = new SharedArrayBuffer(4);
    const spinning = pool.submit(tasks.spin, begun);
    const other = pool.submit(tasks.pause, 100);
    while (Atomics.load(new Int32Array(begun), 0) === 0) await turns(1);
    expect(spinning.cancel()).toBe(true);
    await expect(spinning).rejects.toMatchObject({ code: "CANCELLED" });
    expect(await other).toBe(100);
    expect(spinning.state).toBe("Cancelled");
    await pool.close();
  });

  test("closed with tasks that wait and run, each future settles once [T4]", async () => {
    const pool = await openPool(executor);
    const begun = new SharedArrayBuffer(4);
    const futures = [pool.submit(tasks.spin, begun), ...upTo(20).map((x) => pool.submit(tasks.pause, x))];
    const settled = Promise.allSettled(futures);
    while (Atomics.load(new Int32Array(begun), 0) === 0) await turns(1);
    await pool.close("cancel");
    const ends = await settled;
    expect(ends[0]).toMatchObject({ status: "rejected", reason: { code: "CANCELLED" } });
    expect(ends).toHaveLength(21);
  });
});
