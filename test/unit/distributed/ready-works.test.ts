// Works that could begin: the one that came first goes first, whatever comes and goes meanwhile.
import { SeededRandom } from "@millrace/testing/seam";
import { expect, test } from "vitest";
import { ReadyWorks } from "../../../packages/executor-distributed/src/worker/state/ready-works.js";
import type { WorkRow } from "../../../packages/executor-distributed/src/worker/state/run-at-worker.js";

// Of a row nothing but its order counts here.
const rowOf = (order: number): WorkRow => ({ order }) as WorkRow;

test("they are taken in the order in which they came, also where one comes late or goes", () => {
  const random = new SeededRandom(7);
  const ready = new ReadyWorks();
  const known = new Map<number, WorkRow>();
  const least = (): number => Math.min(...known.keys());
  for (let order = 0; order < 6_000; order++) {
    // Some come after those that came behind them.
    const row = rowOf(order % 7 === 3 ? order - 3.5 : order);
    ready.add(row);
    known.set(row.order, row);
    if (random.chance(0.1)) {
      const gone = [...known.values()][random.below(known.size)];
      if (gone === undefined) continue;
      ready.remove(gone);
      known.delete(gone.order);
    }
    if (order < 3_000 || known.size === 0) continue;
    for (let i = 0; i < 2 && known.size > 0; i++) {
      const expected = least();
      expect(ready.take()?.order).toBe(expected);
      known.delete(expected);
    }
    expect(ready.size).toBe(known.size);
  }
  while (known.size > 0) {
    const expected = least();
    expect(ready.take()?.order).toBe(expected);
    known.delete(expected);
  }
  expect(ready.take()).toBeUndefined();
});
