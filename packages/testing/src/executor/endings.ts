// Owns: cases of how things end on an executor: cancelling, closing, what is left.

import assert from "node:assert/strict";
import { type Executor, flow, openPool } from "@millrace/core";
import { begun, notBegun } from "../began.js";
import { watchResources } from "../left-open.js";
import { type SuiteCase, endOf } from "../suite-case.js";
import { add, double, echo, endless, later, untilAsked } from "../suite-tasks.js";

type Case = Omit<SuiteCase, "run"> & { readonly run: (executor: Executor, make: () => Executor) => Promise<void> };

export const endingCases: readonly Case[] = [
  {
    name: "a future that is cancelled rejects, what needs it ends too, and what is over cannot be cancelled",
    rules: ["EXEC-9"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const flag = notBegun();
      const [running, done] = [pool.submit(untilAsked, flag), pool.submit(add, 1, 2)];
      const behind = pool.submit(echo, running);
      await begun(flag);
      assert.equal(running.cancel("enough"), true);
      assert.equal(await endOf(running), "CANCELLED");
      assert.equal(running.state, "Cancelled");
      assert.equal(await done, 3);
      assert.equal(done.cancel(), false);
      await endOf(behind);
      assert.notEqual(behind.state, "Success");
      assert.equal(await pool.submit(add, 2, 2), 4);
    },
  },
  {
    name: "a run that is cancelled ends as Cancelled when what runs has stopped, and starts nothing more",
    rules: ["EXEC-9", "POOL-3"],
    run: async (executor) => {
      const flag = notBegun();
      const long = flow("long", () => {
        const asked = untilAsked(flag);
        return add.with({ upstream: [asked] })(1, 2);
      });
      const run = long.start({}, { executor });
      await begun(flag);
      run.cancel("enough");
      const finished = await run.done;
      assert.equal(finished.state, "Cancelled");
      assert.deepEqual(
        ["until-asked-1", "add-1"].map((slug) => finished.states.get(slug)),
        ["Cancelled", "Cancelled"],
      );
      assert.equal(await flow("next", () => add(1, 2)).run({}, { executor }), 3);
    },
  },
  {
    name: "an executor that drains ends what is open and takes nothing new",
    rules: ["POOL-3"],
    run: async (executor) => {
      const pool = await openPool(executor);
      const futures = Array.from({ length: 40 }, (_, i) => pool.submit(later, i));
      const run = flow("open", () => double.map([1, 2, 3])).run({}, { executor });
      await futures[0];
      await executor.close("drain");
      assert.deepEqual(
        await pool.gather(futures),
        futures.map((_, i) => i),
      );
      assert.deepEqual(await run, [2, 4, 6]);
      assert.equal(await endOf(openPool(executor)), "EXECUTOR_CLOSED");
      assert.throws(() => pool.submit(add, 1, 2), { code: "POOL_CLOSED" });
    },
  },
  ...(["cancel", "kill"] as const).map(
    (mode): Case => ({
      name: `an executor that is closed by ${mode} settles each future once`,
      rules: ["POOL-3", "T4"],
      run: async (executor) => {
        const pool = await openPool(executor);
        const flag = notBegun();
        const futures = [pool.submit(mode === "kill" ? endless : untilAsked, flag), pool.submit(add, 1, 2)];
        for (let i = 0; i < 30; i++) futures.push(pool.submit(later, i));
        let settledCount = 0;
        const ends = futures.map((future: PromiseLike<unknown>) => endOf(future).finally(() => settledCount++));
        await begun(flag);
        await executor.close(mode);
        await Promise.all(ends);
        assert.equal(settledCount, futures.length);
        assert.equal(await ends[0], "CANCELLED");
        await pool.close("kill");
      },
    }),
  ),
  {
    name: "an executor that was used and closed leaves nothing open",
    rules: ["POOL-3"],
    run: async (_, make) => {
      const leftOpen = watchResources();
      const executor = make();
      const pool = await openPool(executor);
      const flag = notBegun();
      await pool.gather(pool.map(later, [1, 2, 3]));
      const asked = pool.submit(untilAsked, flag);
      await begun(flag);
      asked.cancel();
      await endOf(asked);
      await pool.close();
      await flow("last", () => double(later(1))).run({}, { executor });
      await executor.close();
      assert.deepEqual(await leftOpen(), []);
    },
  },
];
