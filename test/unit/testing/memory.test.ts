// What a worker does when its memory runs out, from its state over the wire to the placement, and back.
import { flow, param, task } from "@millrace/core";
import { NO_FAULTS, SimulatedExecutor } from "@millrace/testing";
import { expect, test } from "vitest";

/** A kilobyte, and a little. */
const blob = task("blob", (i: number) => String.fromCharCode(97 + (i % 26)).repeat(1000));
const blobs = flow("blobs", { params: { first: param(0), count: param(1) } }, ({ first, count }) =>
  blob.map(numbers(first, count)),
);
const numbers = task("numbers", (first: number, count: number) => Array.from({ length: count }, (_, i) => first + i));

const small = (workers: number, reached: string[] = []): SimulatedExecutor =>
  new SimulatedExecutor(5, {
    workers,
    slots: 1,
    memoryMax: 10_000,
    faults: NO_FAULTS,
    onReached: (what) => reached.push(what),
  });

test("a worker at 80 % of its memory gets nothing new, says why, gives what it holds, and goes on below 70 % [DIST-10]", async () => {
  const reached: string[] = [];
  const executor = small(1, reached);
  const options = { executor, keepResults: "all" } as const;
  const [one, many] = [
    await blobs.start({ count: 1 }, options).done,
    await blobs.start({ first: 1, count: 7 }, options).done,
  ];
  await executor.quiet();
  // Counted as one thing, whatever the amount.
  expect(reached.filter((what) => what.startsWith("spill")).every((what) => what === "spill")).toBe(true);
  expect(reached).toContain("spill");

  const waiting = blobs.start({ first: 8, count: 1 }, options);
  await executor.quiet();
  expect(await waiting.explain("numbers-1")).toMatch(/paused/);
  expect(await many.resultOf("blob-1", 3)).toBe("e".repeat(1000));
  one.release();
  await executor.quiet();
  // Between 70 and 80 %: at the edge it does not flap.
  expect(await waiting.explain("numbers-1")).toMatch(/paused/);
  many.release();
  expect((await waiting.done).value).toEqual(["i".repeat(1000)]);
  await executor.close();
});

test("workers that have no memory left for a while, all of them at times, hold no run up for ever, and give what they hold", async () => {
  const [double, sum] = [
    task("double", (x: number) => 2 * x),
    task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0)),
  ];
  const all = flow("all", () => sum(double.map(double.map([...Array(12).keys()]))));
  let full = 0;
  for (let seed = 1; seed <= 10; seed++) {
    const executor = new SimulatedExecutor(seed, { workers: 2, faults: { ...NO_FAULTS, full: 0.5, most: 40 } });
    expect(await all.run({}, { executor })).toBe(264);
    full += executor.happened.get("full") ?? 0;
    await executor.close();
  }
  expect(full).toBeGreaterThan(40);
});
