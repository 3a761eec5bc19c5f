// What a pool holds is counted, entry by entry: never bytes, never time.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Future, openPool, type RunLink, type RunRequest, SequentialExecutor, skip, task } from "@millrace/core";
import { FlowScheduler } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { turns } from "../../support/gate.js";

setFlagsFromString("--expose-gc");
const gc: unknown = runInNewContext("gc");
const RELEASED = 16;

/** Shows the scheduler of the run that it opened last. */
class WatchedExecutor extends SequentialExecutor {
  scheduler = new FlowScheduler();

  override open(request: RunRequest): RunLink {
    const link = super.open(request);
    const found: unknown = Reflect.get(link, "scheduler");
    if (found instanceof FlowScheduler) this.scheduler = found;
    return link;
  }

  get unreleased(): number {
    const { state } = this.scheduler;
    let count = 0;
    for (let node = 0; node < state.read; node++) if ((state.flags(node) & RELEASED) === 0) count++;
    return count;
  }

  /** Everything of which there is one entry a node that somebody could still ask about. */
  get entries(): number {
    const { maps, trees, metas, tries, cancelling, graph, table } = this.scheduler.state;
    const tables = [maps, trees, metas, tries, cancelling, table.failures, table.skips, table.maps];
    let entries = tables.reduce((count, { size }) => count + size, 0);
    for (let node = 0; node < graph.size; node++) if (graph.args(node).length > 0) entries++;
    return entries;
  }
}

/** Collects garbage until that many nodes are left that are held. */
async function collectTo(executor: WatchedExecutor, most: number): Promise<void> {
  for (let i = 0; i < 50 && executor.unreleased > most; i++) {
    if (typeof gc === "function") Reflect.apply(gc, undefined, []);
    await turns(2);
  }
}

const next = task("next", (last: { readonly n: number }, step: { readonly by: number }) => ({ n: last.n + step.by }));
const COUNT = 100_000;

test("100,000 submits that depend on each other leave nothing behind but their rows", {
  timeout: 120_000,
}, async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  let last: Future<{ n: number }> = pool.submit(next, { n: 0 }, { by: 1 });
  for (let i = 1; i < COUNT; i++) {
    last = pool.submit(next, last, { by: 1 });
    if (i % 5_000 === 0) await last;
  }
  expect(await last).toEqual({ n: COUNT });
  await collectTo(executor, 3);
  expect(executor.scheduler.state.read).toBe(COUNT);
  expect(executor.unreleased).toBeLessThanOrEqual(3);
  expect(executor.entries).toBeLessThanOrEqual(3);
  // The one that is held is still there.
  expect(await pool.gather([last])).toEqual([{ n: COUNT }]);
  await pool.close();
});

test("failures, skips, cancelled ones, lists, records and maps go as well", async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  const odd = task("odd", { retries: 1 }, (n: number): number => {
    if (n % 3 === 0) throw new Error(`${n}`);
    return n % 3 === 1 ? skip("one") : n;
  });
  const takes = task("takes", { trigger: "allFinished", skipOnUpstreamSkip: false }, (value: unknown) => value);
  const round = async (): Promise<void> => {
    const futures = Array.from({ length: 30 }, (_, i) => pool.submit(odd, i));
    const mapped = pool.map(odd, [0, 1, 2, 3, 4, 5]);
    const through = pool.map(takes, mapped);
    const named = pool.submit(takes.with({ slug: "mine" }), { all: [futures[2], { one: futures[5] }] });
    pool.submit(takes, mapped).cancel("not needed");
    const empty = pool.map(odd, []);
    expect(await empty).toEqual([]);
    expect(await named).toEqual({ all: [2, { one: 5 }] });
    await Promise.allSettled([...futures, mapped, through]);
  };
  // The slug of the first round is free again in the second.
  for (let rounds = 0; rounds < 3; rounds++) {
    await round();
    await collectTo(executor, 0);
    expect([executor.unreleased, executor.entries]).toEqual([0, 0]);
  }
  await pool.close();
});

test("a future that is only waited for is not forgotten before it came to its end", async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  const slow = task("slow", async () => {
    await turns(10);
    if (typeof gc === "function") Reflect.apply(gc, undefined, []);
    await turns(10);
    return { done: true };
  });
  expect(await pool.submit(slow).then((value) => value.done)).toBe(true);
  await pool.close();
});
