// A finished run lets go of its values when it is told to, on every executor.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { AsyncExecutor, type Executor, flow, openPool, SequentialExecutor } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { HostileExecutor, NO_FAULTS, RUDE, SimulatedExecutor } from "@millrace/testing";
import { describe, expect, test } from "vitest";
import { add, double, echo, fails, later, sum } from "../../../packages/testing/src/suite-tasks.js";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");

const executors: Record<string, () => Executor> = {
  SequentialExecutor: () => new SequentialExecutor(),
  AsyncExecutor: () => new AsyncExecutor(),
  ThreadPoolExecutor: () => new ThreadPoolExecutor({ threads: 1, spareThreads: 0, graceMs: 50 }),
  HostileExecutor: () => new HostileExecutor(3, { hostility: RUDE }),
  SimulatedExecutor: () => new SimulatedExecutor(3),
};
const numbers = flow("numbers", () => sum(double.map([1, 2, 3])));
const fails3 = flow("fails3", () => add(fails("three"), 1));
const closed = expect.objectContaining({ code: "RUN_CLOSED", message: expect.stringContaining("release()") });

describe.each(Object.entries(executors))("on %s", (_, make) => {
  test("a released run gives no value any more, and its states as before; the executor goes on", async () => {
    const executor = make();
    const finished = await numbers.start({}, { executor, keepResults: "all" }).done;
    expect(await finished.resultOf("double-1", 1)).toBe(4);
    expect(finished.value).toBe(12);
    finished.release();
    finished.release();
    expect(() => finished.value).toThrow(closed);
    await expect(finished.resultOf("double-1", 1)).rejects.toThrow(closed);
    expect([finished.state, finished.states.get("sum-1"), finished.states.width("double-1")]).toEqual([
      "Success",
      "Success",
      3,
    ]);
    expect(await numbers.run({}, { executor })).toBe(12);
    await executor.close();
  });

  test("a failed run that was released still says why it failed", async () => {
    const executor = make();
    const finished = await fails3.start({}, { executor }).done;
    finished.release();
    expect(() => finished.value).toThrow(expect.objectContaining({ code: "FLOW_FAILED" }));
    expect(finished.states.failure("fails-1")?.message).toBe("three");
    await executor.close();
  });

  test("a run that is released while works are under way ends, and its executor closes", async () => {
    const executor = make();
    const run = flow("many", () => sum(later.map([...Array(40).keys()]))).start({}, { executor });
    // In the middle of it.
    for await (const _ of run.changes()) break;
    run.cancel("enough");
    const finished = await run.done;
    finished.release();
    await executor.close();
    expect(finished.state).toBe("Cancelled");
  });
});

describe("on a cluster", () => {
  const executor = (): SimulatedExecutor => new SimulatedExecutor(7, { faults: NO_FAULTS });

  test("the values of a run stay with its workers until it is released", async () => {
    const cluster = executor();
    const finished = await numbers.start({}, { executor: cluster, keepResults: "all" }).done;
    await cluster.quiet();
    expect(cluster.held).toBeGreaterThan(3);
    finished.release();
    await cluster.quiet();
    expect(cluster.held).toBe(0);
    await cluster.close("kill");
  });

  test("a run of which nobody has more than its value keeps none", async () => {
    const cluster = executor();
    expect(await numbers.run({}, { executor: cluster, keepResults: "all" })).toBe(12);
    await cluster.quiet();
    expect(cluster.held).toBe(0);
    await cluster.close("kill");
  });

  test("a run that is released when it has ended and is not idle yet keeps none either", async () => {
    // One step an event: after its last task it still lets go of what that one took, one by one.
    const cluster = new SimulatedExecutor(6, { faults: NO_FAULTS });
    const wide = flow("wide", () => [double.map([1, 2, 3]), echo(Array.from({ length: 60 }, (_, i) => later(i)))]);
    const finished = await wide.start({}, { executor: cluster, keepResults: "returned" }).done;
    finished.release();
    await cluster.quiet();
    expect(cluster.held).toBe(0);
    await cluster.close();
  });

  test("a pool that was closed keeps what its futures hold, and nothing when there are none", async () => {
    const cluster = executor();
    const use = async (): Promise<number> => {
      const pool = await openPool(cluster);
      const future = pool.submit(double, 21);
      const got = await future;
      await pool.close();
      await cluster.quiet();
      expect(cluster.held).toBe(1);
      return got + (await future);
    };
    expect(await use()).toBe(84);
    for (let i = 0; i < 50 && cluster.held > 0; i++) {
      if (typeof gc === "function") Reflect.apply(gc, undefined, []);
      await new Promise((resolve) => setImmediate(resolve));
      await cluster.quiet();
    }
    expect(cluster.held).toBe(0);
    expect(cluster.cluster.leftOver(false)).toEqual([]);
    await cluster.close("kill");
  });

  test("whoever waits for a value when the run is released is told so", async () => {
    const cluster = executor();
    const finished = await numbers.start({}, { executor: cluster, keepResults: "all" }).done;
    const asked = finished.resultOf("double-1");
    finished.release();
    await expect(asked).rejects.toThrow(closed);
    await cluster.close();
  });
});
