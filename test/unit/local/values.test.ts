// Values of every kind and size through threads (U7, U8).
import { flow, openPool, param } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { afterAll, expect, test } from "vitest";
import { difference } from "../../support/same-value.js";
import { makeValue, valueTable } from "../../support/value-table.js";
import * as tasks from "./value-tasks.js";

const executor = new ThreadPoolExecutor({ threads: 2 });
afterAll(() => executor.close());

const groups = valueTable
  .map(({ title, rows }) => ({
    title,
    codes: rows.filter(([, expected]) => expected === "same").map(([code]) => code),
  }))
  .filter(({ codes }) => codes.length > 0);

test.each(groups)("$title come to a task and back as they were [U7]", async ({ title, codes }) => {
  await using pool = await openPool(executor);
  // What is nested deeper than arguments may be is made by a task.
  const made = (code: string): unknown => (title === "Depth" ? pool.submit(tasks.makes, code) : makeValue(code));
  const backs = codes.map((code) => pool.submit(tasks.sends, code, made(code)));
  for (const [i, back] of (await pool.gather(backs)).entries())
    expect(difference(makeValue(codes[i] ?? ""), back, { ignoresStacks: true }), codes[i]).toBeUndefined();
});

test("a result of no bytes, and one of more than a value may have, which fails before it is sent [U8]", async () => {
  await using pool = await openPool(executor);
  expect(await pool.submit(tasks.lengthOf, pool.submit(tasks.buffer, 0))).toBe(0);
  await expect(pool.submit(tasks.buffer, 2 ** 31 + 1)).rejects.toMatchObject({
    code: "VALUE_TOO_LARGE",
    message: expect.stringContaining("maxBytes"),
  });
  await expect(pool.submit(tasks.lengthOf, new Uint8Array(2 ** 31 + 1))).rejects.toMatchObject({
    code: "VALUE_TOO_LARGE",
  });
  expect(await pool.submit(tasks.lengthOf, new Uint8Array(3))).toBe(3);
});

test("a million small results, and a list of them for the next task [U8]", async () => {
  const wide = flow("wide", { params: { xs: param<number[]>() } }, (p) => tasks.sum(tasks.small.map(p.xs)));
  const xs = Array.from({ length: 1_000_000 }, (_, i) => i);
  expect(await wide.run({ xs }, { executor, keepResults: "returned" })).toBe(xs.reduce((sum, x) => sum + (x % 7), 0));
});
