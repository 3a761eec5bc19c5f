// What a pool holds is counted, entry by entry: never bytes, never time.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  context,
  type Future,
  openPool,
  type RunLink,
  type RunRequest,
  SequentialExecutor,
  skip,
  task,
} from "@millrace/core";
import { FlowScheduler, SingleOutcome, taskRunId, validate } from "@millrace/core/internal";
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

  /** Of the columns by node: the most that any of them has. */
  get pagesLeft(): number {
    const { state } = this.scheduler;
    const columns = ["argsOf", "specOf", "depths", "inStart", "outFirst", "outLast", "edgeFrom", "edgeNext"];
    const tables: unknown[] = [
      Reflect.get(state, "nodePages"),
      Reflect.get(state.table, "nodePages"),
      ...columns.map((name) => pagesOf(Reflect.get(state.graph, name))),
      pagesOf(Reflect.get(state.graph.slugs, "numberOf")),
    ];
    return Math.max(...tables.map((pages) => (Array.isArray(pages) ? pages.filter(Boolean).length : Number.NaN)));
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

const pagesOf = (column: unknown): unknown => (Array.isArray(column) ? column : Reflect.get(Object(column), "pages"));

/** Collects garbage until that many nodes are left that are held. */
async function collectTo(executor: WatchedExecutor, most: number): Promise<void> {
  for (let i = 0; i < 50 && executor.unreleased > most; i++) {
    if (typeof gc === "function") Reflect.apply(gc, undefined, []);
    await turns(2);
  }
}

const next = task("next", (last: { readonly n: number }, step: { readonly by: number }) => ({ n: last.n + step.by }));
const step = task("step", (by: number) => ({ by }));
const never = task("never", () => new Promise((resolve) => context().signal.addEventListener("abort", resolve)));
const FAILED = { end: "failed", failure: { name: "Error", message: "late" }, retry: "no" } as const;
const COUNT = 100_000;

test("100,000 submits that depend on each other, and on one that is held, leave nothing behind, not even rows", {
  timeout: 120_000,
}, async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  const held = pool.submit(step, 1);
  let last: Future<{ n: number }> = pool.submit(next, { n: 0 }, held);
  for (let i = 2; i < COUNT; i++) {
    last = pool.submit(next, last, held);
    if (i % 5_000 === 0) await last;
  }
  expect(await last).toEqual({ n: COUNT - 1 });
  await collectTo(executor, 3);
  expect(executor.scheduler.state.read).toBe(COUNT);
  expect(executor.unreleased).toBeLessThanOrEqual(3);
  expect(executor.entries).toBeLessThanOrEqual(3);
  // The one that is held is still there.
  expect(await pool.gather([last, held])).toEqual([{ n: COUNT - 1 }, { by: 1 }]);
  expect(await pool.submit(next, last, held)).toEqual({ n: COUNT });
  // The pages of both, and of what came last.
  expect(executor.pagesLeft).toBeLessThanOrEqual(4);
  await pool.close();
});

test("what goes on while pages of nodes go is not touched: late words, cancelling, closing", async () => {
  const executor = new WatchedExecutor();
  const pool = await openPool(executor);
  const kept: Future<{ by: number }>[] = [];
  for (let i = 0; i < 30_000; i++) {
    const future = pool.submit(step, i);
    if (i % 9_001 === 0) kept.push(future);
    if (i % 5_000 === 0) await future;
  }
  await pool.gather([...kept, pool.map(step, [1, 2, 3])]);
  const stuck = pool.submit(never);
  await collectTo(executor, 10);
  expect(executor.pagesLeft).toBeLessThanOrEqual(7);
  expect(await pool.gather(kept)).toEqual([0, 9_001, 18_002, 27_003].map((by) => ({ by })));
  expect(kept.map(({ state }) => state)).toEqual(["Success", "Success", "Success", "Success"]);
  expect(kept[1]?.cancel()).toBe(false);
  const { state } = executor.scheduler;
  const dropped = Array.from({ length: state.read }, (_, node) => node).filter((node) => state.isDropped(node));
  expect(dropped.length).toBeGreaterThan(8_000);
  const [first = -1] = dropped;
  executor.scheduler.handle(
    { kind: "outcomes", batches: [new SingleOutcome(state.facts.id, taskRunId(first), 1, 0, 0, FAILED)] },
    0,
    [],
  );
  expect(state.dropped).toBe(1);
  validate(state);
  await pool.close("cancel").catch(() => undefined);
  expect(stuck.state).toBe("Cancelled");
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
