// Wide maps over threads, whose works and outcomes travel as ranges where they can.
import { AsyncExecutor, flow, openPool, param, settledEach } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, expect, test } from "vitest";
import { turns } from "../../support/gate.js";
import * as tasks from "./tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2, graceMs: 50 });
afterAll(() => executor.close());
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

const various = flow("various", { params: { xs: param<number[]>() } }, (p) =>
  tasks.statesOf(settledEach(tasks.variousEnds.map(p.xs))),
);

function endOf(x: number): number | string {
  if (x % 1000 === 17 || x === 2500) return "Failed";
  return x % 1000 === 18 ? "Skipped" : 2 * x;
}

test("of thousands of children each ends as itself, whatever its neighbours do, and one death blames one [U3]", async () => {
  for (let round = 0; round < 2; round++)
    expect(await various.run({ xs: upTo(6000) }, { executor })).toEqual(upTo(6000).map(endOf));
});

test("a wide map that somebody watches tells each child's end once, whether it came in a range or not", async () => {
  for (const used of [executor, new AsyncExecutor({ concurrency: 3 })]) {
    const run = flow("watched", () => tasks.double.map(upTo(3000))).start({}, { executor: used });
    const ended = upTo(3000).map(() => 0);
    for await (const changes of run.changes())
      for (const { index, count, state } of changes)
        for (let i = index ?? 3000; i < (index ?? 0) + count; i++)
          ended[i] = (ended[i] ?? 0) + (state === "Success" ? 1 : 0);
    expect(ended).toEqual(upTo(3000).map(() => 1));
  }
});

test("a wide map that is cancelled on its way ends all children, and its pool goes on", async () => {
  await using pool = await openPool(executor);
  const map = pool.map(
    tasks.pause,
    upTo(5000).map(() => 1),
  );
  await Promise.race([map.then(() => "over"), turns(50)]);
  expect(map.cancel("enough")).toBe(true);
  await expect(map).rejects.toMatchObject({ code: "CANCELLED" });
  expect(await pool.gather(pool.map(tasks.double, upTo(3000)))).toEqual(upTo(3000).map((x) => 2 * x));
});

test("a list that is mapped over is encoded once, however many children there are, in a pool and in a flow", async () => {
  const coins = upTo(500).map((cents) => new tasks.Coin(cents));
  await using pool = await openPool(executor);
  tasks.Coin.encoded = 0;
  expect(await pool.map(tasks.centsOf, coins)).toEqual(upTo(500));
  expect(await flow("coins", () => tasks.centsOf.map(coins)).run({}, { executor })).toEqual(upTo(500));
  expect(tasks.Coin.encoded).toBe(1000);
});

test("what passes through the process from task to task is not decoded on its way", async () => {
  tasks.Coin.decoded = 0;
  await using pool = await openPool(executor);
  const coins = pool.map(tasks.mint, upTo(300));
  expect(await pool.gather(pool.map(tasks.centsOf, coins))).toEqual(upTo(300));
  expect(await pool.submit(tasks.centsOf, pool.submit(tasks.mint, 7))).toBe(7);
  const through = flow("through", () => tasks.sum(tasks.centsOf.map(tasks.mint.map(upTo(10)))));
  expect(await through.run({}, { executor })).toBe(45);
  expect(tasks.Coin.decoded).toBe(0);
  expect(await pool.submit(tasks.mint, 8)).toEqual(new tasks.Coin(8));
  expect(tasks.Coin.decoded).toBe(1);
});
