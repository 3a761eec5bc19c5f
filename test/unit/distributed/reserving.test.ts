// A work that needs much of a resource does not starve behind a stream of small ones.
import { describe, expect, test } from "vitest";
import { name, Placed } from "./placed.js";

const gpu = (amount: number) => ({ needs: { resources: { gpu: amount }, labels: [] } });
const BIG = 900;
/** So many small ones have ended, and the worker is kept for the big one. */
const KEPT = 17;

/** A worker of four, full of small works that end one after the other, each replaced before it ends; how many began until the big one. */
function smallsBefore(placed: Placed, most: number, bigPriority = 0): number {
  for (let i = 0; i < 4; i++) placed.arrive({ taskRun: i, ...gpu(1) });
  placed.arrive({ taskRun: BIG, ...gpu(4), priority: bigPriority });
  for (let i = 0; i < most; i++) {
    placed.arrive({ taskRun: i + 4, ...gpu(1) });
    placed.began(0, i);
    placed.ended(0, i);
    if (placed.sent[0]?.includes(BIG)) return i;
  }
  return most;
}

describe("a work that needs all that a worker has", () => {
  test("goes after sixteen small ones of its priority have passed it [DIST-7]", () => {
    const placed = new Placed();
    placed.join(0, 8, { gpu: 4 });
    const before = smallsBefore(placed, 200);
    expect(before).toBeGreaterThan(8);
    expect(before).toBeLessThan(24);
    // Then the small ones that waited go on, when it has ended.
    placed.began(0, BIG);
    placed.ended(0, BIG);
    expect(placed.sent[0]).toHaveLength(4);
  });

  test("goes as soon as the worker is empty where its priority is higher", () => {
    const placed = new Placed();
    placed.join(0, 8, { gpu: 4 });
    expect(smallsBefore(placed, 200, 1)).toBeLessThan(6);
  });

  test("gives way to what has a higher priority, and goes then", () => {
    const placed = new Placed();
    placed.join(0, 8, { gpu: 4 });
    smallsBefore(placed, KEPT);
    expect(placed.sent[0]).toBeUndefined();
    placed.arrive({ taskRun: 500, ...gpu(1), priority: 5 });
    expect(placed.sent[0]).toEqual([500]);
  });

  test("holds up neither what needs none of it, nor other workers", () => {
    const placed = new Placed();
    placed.join(0, 8, { gpu: 4 });
    smallsBefore(placed, KEPT);
    placed.arrive({ taskRun: 600 });
    expect(placed.sent[0]).toEqual([600]);
    placed.join(1, 8, { gpu: 1 });
    expect(placed.sent[1]).toHaveLength(1);
  });

  test.each<[string, (placed: Placed) => void]>([
    ["it is cancelled", (placed) => placed.handle({ kind: "worksCancelled", works: [name(BIG)] })],
    [
      "the worker is lost and another comes",
      (placed) => {
        placed.handle({ kind: "workerLost", worker: 0, epoch: 1 });
        placed.join(2, 8, { gpu: 3 });
      },
    ],
    [
      "the worker pauses and another comes",
      (placed) => {
        placed.handle({ kind: "workerPaused", worker: 0, epoch: 1 });
        placed.join(2, 8, { gpu: 3 });
      },
    ],
  ])("keeps nothing for itself when %s", (_, happens) => {
    const placed = new Placed();
    placed.join(0, 8, { gpu: 4 });
    smallsBefore(placed, KEPT);
    happens(placed);
    expect(Object.values(placed.sent).flat().length).toBeGreaterThan(0);
    expect(Object.values(placed.sent).flat()).not.toContain(BIG);
  });
});

/** A worker of one slot that is kept busy by short works, which come as fast as they end; how many end until the long one is sent. */
function shortsBefore(placed: Placed, long: Parameters<Placed["arrive"]>[0], most = 200): number {
  placed.arrive({ taskRun: BIG - 1, task: "long" }, { taskRun: BIG - 2, task: "short" });
  for (const [taskRun, ms] of [
    [BIG - 1, 5_000],
    [BIG - 2, 50],
  ] as const) {
    placed.began(0, taskRun);
    placed.ended(0, taskRun, 0, ms);
  }
  placed.arrive({ taskRun: 0, task: "short" }, { taskRun: 1, task: "short" });
  placed.began(0, 0);
  placed.arrive(long);
  for (let i = 0; i < most; i++) {
    placed.arrive({ taskRun: i + 2, task: "short" });
    placed.ended(0, i, 0, 50);
    if (placed.sent[0]?.includes(BIG)) return i;
    placed.began(0, i + 1);
    if (placed.sent[0]?.includes(BIG)) return i;
  }
  return most;
}

describe("a long work that is not bound to a busy worker", () => {
  const long = { taskRun: BIG, task: "long", needs: { resources: {}, labels: ["eu"] } };

  test("goes after sixteen short ones of another kind have passed it [DIST-7]", () => {
    const placed = new Placed();
    placed.join(0, 1, {}, ["eu"]);
    const before = shortsBefore(placed, long);
    expect(before).toBeGreaterThan(8);
    expect(before).toBeLessThan(24);
  });

  test("goes before short ones of a lower priority", () => {
    const placed = new Placed();
    placed.join(0, 1, {}, ["eu"]);
    expect(shortsBefore(placed, { ...long, priority: 1 })).toBeLessThan(3);
  });

  test("goes where it needs a resource of which enough is free [DIST-8]", () => {
    const placed = new Placed();
    placed.join(0, 1, { gpu: 1 });
    expect(shortsBefore(placed, { taskRun: BIG, task: "long", ...gpu(1) })).toBeLessThan(24);
  });
});

test("a worker is kept no longer than for the priority that it was kept for", () => {
  const placed = new Placed();
  placed.join(0, 8, { gpu: 4 });
  for (let i = 0; i < 4; i++) placed.arrive({ taskRun: i, ...gpu(1) });
  placed.arrive({ taskRun: BIG, ...gpu(4), priority: 5 }, { taskRun: BIG + 1, ...gpu(4) }, { taskRun: 5, ...gpu(1) });
  placed.began(0, 0, 1, 2, 3);
  placed.ended(0, 0);
  expect(placed.sent[0]).toEqual([5]);
  placed.arrive({ taskRun: 10, ...gpu(1), priority: 3 });
  placed.ended(0, 1);
  expect(placed.sent[0]).toBeUndefined();
  placed.handle({ kind: "worksCancelled", works: [name(BIG)] });
  expect(placed.sent[0]).toEqual([10]);
});
