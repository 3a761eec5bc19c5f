// A pool under the hostile executor: submits, maps, cancels and dropped futures from a seed. What each future comes to is
// compared with a plain evaluation of the same calls; the scheduler is checked after every event and its events replayed.
import { type Future, FutureCancelled, openPool, type Pool, ResultMissing, skip, task } from "@millrace/core";
import { nodeId, type RunLink, type RunRequest } from "@millrace/core/internal";
import { expect, test } from "vitest";
import { turns } from "../../support/gate.js";
import { HostileExecutor } from "@millrace/testing";
import { SeededRandom } from "@millrace/testing/seam";

type Shape = number | readonly Shape[] | { readonly [key: string]: Shape };
/** What a call comes to: its value, or that there is none. */
type Expected = { readonly is: "value"; readonly value: Shape } | { readonly is: "failed" | "skipped" };

/** One number for any shape. */
function flat(shape: Shape): number {
  if (typeof shape === "number") return shape;
  const parts: readonly Shape[] = Object.values(shape);
  return parts.reduce<number>((total, part) => (total * 7 + flat(part)) % 1009, 1);
}
const work = task("work", { retries: 1 }, async (kind: number, shape: Shape): Promise<Shape> => {
  if (kind === 1) throw new Error("failed");
  return kind === 2 ? skip("skipped") : flat(shape);
});
const spread = task("spread", (shape: Shape) => [flat(shape), flat(shape) + 1, flat(shape) + 2]);

type Made = {
  readonly future: Future<Shape>;
  readonly expected: Expected;
  isCancelled: boolean;
  readonly from: readonly Made[];
};

/** Lets a test say which futures are out of reach: when a collector would say so is up to it. */
class ForgettingExecutor extends HostileExecutor {
  private link: RunLink | undefined;

  override open(request: RunRequest): RunLink {
    this.link = super.open(request);
    return this.link;
  }

  letGo(futures: readonly Future<Shape>[]): void {
    this.link?.handlesChanged(
      [],
      futures.map((future) => nodeId(Number(Reflect.get(future, "node")))),
    );
  }
}

class Calls {
  readonly made: Made[] = [];
  /** Futures that are out of reach. */
  dropped: Future<Shape>[] = [];
  private readonly random: SeededRandom;
  private readonly pool: Pool;

  constructor(pool: Pool, random: SeededRandom) {
    this.pool = pool;
    this.random = random;
  }

  step(): void {
    const kind = this.random.below(10);
    if (kind < 6) this.submit();
    else if (kind < 8) this.map();
    else if (kind < 9) this.cancel();
    else this.drop();
  }

  private submit(): void {
    const from = this.some();
    const kind = this.random.chance(0.1) ? 1 : this.random.chance(0.1) ? 2 : 0;
    const nested = { list: from.map(({ future }) => future), one: this.random.below(5) };
    const expected = join(from, (values) => {
      if (kind > 0) return { is: kind === 1 ? "failed" : "skipped" };
      return { is: "value", value: flat({ list: values, one: nested.one }) };
    });
    this.note(this.pool.submit(work, kind, nested), expected, from);
  }

  private map(): void {
    const [from] = this.some();
    if (from === undefined) return;
    const list = this.pool.submit(spread, from.future);
    const values = (value: Shape): number[] => [0, 1, 2].map((i) => flat(value) + i);
    const listExpected = join([from], ([value = 0]) => ({ is: "value", value: values(value) }));
    const noted = this.note(list, listExpected, [from]);
    const mapped = this.pool.map(work, [0, 0, 0], list);
    this.note(
      mapped,
      join([noted], ([value = 0]) => ({ is: "value", value: Array.isArray(value) ? value.map(flat) : [] })),
      [noted],
    );
  }

  private cancel(): void {
    const made = this.made[this.random.below(this.made.length)];
    if (made?.future.cancel("at any moment") === true) made.isCancelled = true;
  }

  private drop(): void {
    const at = this.random.below(this.made.length);
    for (const { future } of this.made.splice(at, 1)) this.dropped.push(future);
  }

  private some(): readonly Made[] {
    const from: Made[] = [];
    for (let i = this.random.below(4); i > 0; i--) {
      const made = this.made[this.random.below(this.made.length)];
      if (made !== undefined) from.push(made);
    }
    return from;
  }

  private note(future: Future<Shape>, expected: Expected, from: readonly Made[]): Made {
    const made: Made = { future, expected, isCancelled: false, from };
    this.made.push(made);
    return made;
  }
}

/** Skips before failures: the skip rule comes first. */
function join(from: readonly Made[], value: (values: readonly Shape[]) => Expected): Expected {
  if (from.some(({ expected }) => expected.is === "skipped")) return { is: "skipped" };
  if (from.some(({ expected }) => expected.is === "failed")) return { is: "failed" };
  return value(from.map(({ expected }) => (expected.is === "value" ? expected.value : 0)));
}

const isTouched = (made: Made): boolean => made.isCancelled || made.from.some(isTouched);

function outcomeOf(error: unknown): string {
  if (error instanceof FutureCancelled) return "cancelled";
  return error instanceof ResultMissing ? "skipped" : "failed";
}

for (let group = 0; group < 4; group++) {
  test(`a pool under a hostile executor gives what a plain evaluation gives, seeds from ${group * 25} [EXEC-3]`, {
    timeout: 120_000,
  }, async () => {
    let [compared, cancelled, checked] = [0, 0, 0];
    for (let seed = group * 25; seed < group * 25 + 25; seed++) {
      const executor = new ForgettingExecutor(seed);
      const pool = await openPool(executor);
      const random = new SeededRandom(seed);
      const calls = new Calls(pool, random);
      for (let i = 0; i < 40; i++) {
        calls.step();
        if (!random.chance(0.3)) continue;
        await turns(1);
        executor.letGo(calls.dropped.splice(0));
      }
      const ends = await Promise.allSettled(calls.made.map(({ future }) => future));
      for (const [i, made] of calls.made.entries()) {
        const end = ends[i];
        if (end === undefined) continue;
        const what = end.status === "fulfilled" ? { is: "value", value: end.value } : { is: outcomeOf(end.reason) };
        if (isTouched(made)) cancelled++;
        else expect(what, `seed ${seed}, call ${i}`).toEqual(made.expected);
        if (made.isCancelled) expect(what.is, `seed ${seed}, call ${i}`).not.toBe("value");
        compared++;
      }
      await pool.close();
      await executor.quiet();
      expect(executor.problems, `seed ${seed}`).toEqual([]);
      checked += executor.checked;
    }
    expect(compared).toBeGreaterThan(300);
    expect(cancelled).toBeGreaterThan(20);
    expect(checked).toBeGreaterThan(3_000);
  });
}
