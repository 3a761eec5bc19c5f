// A pool that goes on for long, with random work from a seed: every value is right, the scheduler agrees with itself, and pages
// of what is over go while other things go on.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { AsyncExecutor, type Future, openPool, type Pool, type RunLink, type RunRequest, task } from "@millrace/core";
import { FlowScheduler, validate } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { Gate, turns } from "../../support/gate.js";
import { SeededRandom } from "@millrace/testing/seam";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");
const collect = async (): Promise<void> => {
  if (typeof gc === "function") Reflect.apply(gc, undefined, []);
  await turns(2);
};

const add = task("add", (a: number, b: number) => a + b);
const sum = task("sum", (xs: readonly number[]) => xs.reduce((a, b) => a + b, 0));
const increase = task("increase", (x: number) => x + 1);
const fails = task("fails", { retries: 1 }, (x: number): number => {
  throw new Error(`${x}`);
});

class WatchedExecutor extends AsyncExecutor {
  scheduler = new FlowScheduler();

  override open(request: RunRequest): RunLink {
    const link = super.open(request);
    const found: unknown = Reflect.get(link, "scheduler");
    if (found instanceof FlowScheduler) this.scheduler = found;
    return link;
  }
}

/** A future, and what it must come to. */
type Known = { readonly future: Future<number>; readonly value: number };
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

function randomWork(pool: Pool, random: SeededRandom, known: readonly Known[], i: number): Known {
  const fresh = (): Known => ({ future: pool.submit(add, i % 100, 1), value: (i % 100) + 1 });
  const pick = (): Known => known[random.below(known.length)] ?? fresh();
  const [a, b] = [pick(), pick()];
  if (a.value + b.value > 1e9) return fresh();
  switch (random.below(8)) {
    case 0:
      return { future: pool.submit(sum, [a.future, b.future, 1]), value: a.value + b.value + 1 };
    case 1:
      return {
        future: pool.submit(sum, pool.map(increase, upTo(i % 12))),
        value: upTo(i % 12).reduce((x, y) => x + y + 1, 0),
      };
    case 2: {
      const list = [a.future, b.future];
      return { future: pool.submit(sum, pool.map(increase, pool.map(increase, list))), value: a.value + b.value + 4 };
    }
    case 3:
      pool.submit(increase, pool.submit(fails, i)).cancel();
      return fresh();
    case 4:
      void pool.submit(fails, i);
      return fresh();
    default:
      return { future: pool.submit(add, a.future, b.future), value: a.value + b.value };
  }
}

test.each([1, 2, 3])("seed %i", async (seed) => {
  const random = new SeededRandom(seed);
  const executor = new WatchedExecutor({ concurrency: 1 + 3 * (seed - 1) });
  const pool = await openPool(executor);
  let known: Known[] = [];
  const checked: Known[] = [];
  for (let i = 0; i < 20_000; i++) {
    const work = randomWork(pool, random, known, i);
    known = [...known.slice(known.length > 60 ? 10 : 0), work];
    if (random.chance(0.2)) checked.push(work);
    if (i % 997 > 0) continue;
    expect(await pool.gather(checked.map(({ future }) => future))).toEqual(checked.map(({ value }) => value));
    checked.length = 0;
    await collect();
    validate(executor.scheduler.state);
  }
  await pool.gather(known.map(({ future }) => future));
  const { state } = executor.scheduler;
  expect(state.read).toBeGreaterThan(30_000);
  expect(upTo(state.read).filter((node) => state.isDropped(node)).length).toBeGreaterThan(10_000);
  await pool.close();
});

test("a map over a map that nobody holds any more ends as it should, as does what comes after", async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  const gate = new Gate();
  const waits = task("waits", async (x: number) => {
    await gate.opened;
    return x;
  });
  const outer = pool.map(waits, pool.map(increase, [1, 2, 3]));
  while (outer.state !== "Mapped") await turns();
  // The inner one's handle goes while its children are still being read.
  for (let i = 0; i < 5; i++) await collect();
  gate.open();
  expect(await outer).toEqual([2, 3, 4]);
  expect(await pool.submit(sum, outer)).toBe(9);
  validate(executor.scheduler.state);
  await pool.close();
});
