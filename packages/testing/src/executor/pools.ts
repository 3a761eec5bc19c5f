// Owns: cases of an executor without a flow: futures, gathering, what is refused.

import assert from "node:assert/strict";
import { asCompleted, type Executor, openPool } from "@millrace/core";
import { type SuiteCase, endOf } from "../suite-case.js";
import { add, double, echo, fails, later, sum, token, total } from "../suite-tasks.js";

type Case = Omit<SuiteCase, "run"> & { readonly run: (executor: Executor) => Promise<void> };

export const poolCases: readonly Case[] = [
  {
    name: "futures are found anywhere in what is gathered, and the shape stays",
    rules: ["EXEC-2"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const one = pool.submit(add, 1, 0);
      const shape = { one, list: [one, 2, [pool.submit(later, 3)]], deep: { four: pool.submit(double, 2), five: "5" } };
      assert.deepEqual(await pool.gather(shape), { one: 1, list: [1, 2, [3]], deep: { four: 4, five: "5" } });
      assert.equal(await pool.gather(one), 1);
      assert.deepEqual(await pool.gather([]), []);
    },
  },
  {
    name: "futures anywhere in later arguments become what they give",
    rules: ["EXEC-3"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const price = pool.submit(later, 5);
      const order = { name: "bread", prices: [price, pool.submit(add, price, 1), 1] };
      assert.deepEqual(await pool.submit(total, order), { name: "bread", total: 12 });
      const chain = Array.from({ length: 50 }).reduce<typeof price>((last) => pool.submit(add, last, 1), price);
      assert.equal(await chain, 55);
    },
  },
  {
    name: "a map takes lists and futures of lists, and its results stand in the order of its elements",
    rules: ["EXEC-3"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const numbers = Array.from({ length: 1000 }, (_, i) => i);
      const doubled = pool.map(double, numbers);
      assert.deepEqual(
        await doubled,
        numbers.map((x) => 2 * x),
      );
      assert.equal(await pool.submit(sum, pool.map(double, doubled)), 4 * 499_500);
      assert.deepEqual(await pool.map(double, []), []);
    },
  },
  {
    name: "a pool that was closed takes nothing more, and what it took is done",
    rules: ["EXEC-4"],
    run: async (executor) => {
      const pool = await openPool(executor);
      const before = pool.submit(later, 1);
      await pool.close();
      assert.equal(await before, 1);
      assert.throws(() => pool.submit(add, 1, 2), { code: "POOL_CLOSED" });
      assert.throws(() => pool.map(double, [1]), { code: "POOL_CLOSED" });
    },
  },
  {
    name: "two equal submits run twice, one runs once however often it is waited for",
    rules: ["EXEC-5"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const [one, other] = [pool.submit(token, "same"), pool.submit(token, "same")];
      const seen = await pool.gather([one, other, pool.submit(echo, one), one]);
      assert.notEqual(seen[0], seen[1]);
      assert.equal(seen[0], seen[2]);
      assert.equal(await one, seen[0]);
    },
  },
  {
    name: "a future of another pool is refused, as is a plain promise",
    rules: ["EXEC-3"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      await using foreign = await openPool(executor);
      const future = foreign.submit(add, 1, 2);
      assert.throws(() => pool.submit(echo, [future]), { code: "FOREIGN_FUTURE" });
      assert.throws(() => pool.submit(echo, Promise.resolve(1)), { code: "PROMISE_AS_ARGUMENT" });
      assert.equal(await future, 3);
    },
  },
  {
    name: "what became of futures comes in the order in which they end, failures too",
    rules: ["EXEC-9"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const ends: unknown[] = [];
      for await (const completed of asCompleted([
        pool.submit(add, 1, 2),
        pool.submit(fails, "no"),
        pool.submit(later, 7),
      ]))
        ends[completed.index] = completed.status === "success" ? completed.value : completed.state;
      assert.deepEqual(ends, [3, "Failed", 7]);
    },
  },
  {
    name: "an error keeps its name, its message and its code, and fails only what needs it",
    rules: ["EXEC-8", "U1"],
    run: async (executor) => {
      await using pool = await openPool(executor);
      const bad = pool.submit(fails, "not today");
      const behind = pool.submit(add, bad, 1);
      await assert.rejects(Promise.resolve(bad), (error: Error) => {
        assert.match(`${error.name}: ${error.message}`, /Refused: .*not today|Refused: not today/);
        return true;
      });
      assert.notEqual(await endOf(behind), 1);
      assert.equal(behind.state, "TriggerFailed");
      assert.equal(await pool.submit(add, 1, 2), 3);
    },
  },
];
