// Memory that a call gives up goes to its thread; what is not given up stays with its owner.
import { flow, openPool, type Pool, transfer } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, afterEach, expect, test } from "vitest";
import * as tasks from "./tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2, graceMs: 50 });
afterAll(() => executor.close());
const pools: Pool[] = [];
const open = async (): Promise<Pool> => {
  const pool = await openPool(executor);
  pools.push(pool);
  return pool;
};
afterEach(async () => {
  for (const pool of pools.splice(0)) await pool.close("kill");
});
const bytesOf = (length: number, value: number): Uint8Array => new Uint8Array(length).fill(value);

test("what a submit gives up is moved, in the order of the submits and among others that are copied [POOL-5]", async () => {
  const pool = await open();
  const given = Array.from({ length: 30 }, (_, i) => bytesOf(1 << 16, i));
  const seen = given.map((bytes, i) => pool.submit(tasks.takes, i % 3 === 0 ? bytes : transfer(bytes), i));
  expect(await pool.gather(seen)).toEqual(given.map((_, i) => [1 << 16, i, i]));
  expect(given.map(({ byteLength }) => byteLength)).toEqual(given.map((_, i) => (i % 3 === 0 ? 1 << 16 : 0)));
});

test("several buffers of one call move together, inside other values too", async () => {
  const pool = await open();
  const [a, b] = [bytesOf(100_000, 1), bytesOf(100_000, 2)];
  const echoed = await pool.submit(tasks.echo, { a: transfer(a), deep: [transfer(b), 3] });
  expect(echoed).toEqual({ a: bytesOf(100_000, 1), deep: [bytesOf(100_000, 2), 3] });
  expect([a.byteLength, b.byteLength]).toEqual([0, 0]);
});

test("a death takes what was given up along and says so; a call beside it keeps its own [U3]", async () => {
  const pool = await open();
  await pool.gather(Array.from({ length: 200 }, (_, i) => pool.submit(tasks.takesOrExits, bytesOf(8, 1), i < 0)));
  const ends = Array.from({ length: 12 }, (_, i) =>
    pool.submit(tasks.takesOrExits, transfer(bytesOf(1 << 16, 1)), i === 4),
  );
  const settled = await Promise.allSettled(ends);
  expect(settled.map(({ status }) => status)).toEqual(ends.map((_, i) => (i === 4 ? "rejected" : "fulfilled")));
  await expect(ends[4]).rejects.toMatchObject({ code: "MEMORY_MOVED", message: /args\[0\] was given up by transfer/ });
});

test("where a task may be tried again what is given up is copied for it, and moved from its owner all the same", async () => {
  const pool = await open();
  const bytes = bytesOf(1 << 16, 7);
  expect(await pool.submit(tasks.takesAgain, transfer(bytes))).toBe(1 << 16);
  expect(bytes.byteLength).toBe(0);
});

test("a loop cannot have it a second time, and is told why", async () => {
  const pool = await open();
  await expect(pool.submit(tasks.takesInLoop, transfer(bytesOf(1 << 16, 7)))).rejects.toMatchObject({
    code: "MEMORY_MOVED",
  });
  expect(await pool.submit(tasks.takesInLoop, bytesOf(1 << 16, 7))).toBe(1 << 16);
});

test("a flow, which may run again, keeps what was given up to it", async () => {
  const bytes = transfer(bytesOf(1 << 16, 9));
  const f = flow("f", () => tasks.takes(bytes, 1));
  for (let i = 0; i < 2; i++) expect(await f.run({}, { executor })).toEqual([1 << 16, 9, 9]);
});
