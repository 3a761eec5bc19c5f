// Owns: what one user does on a simulated cluster, from a seed: a random flow, at times a pool, questions, a cancel; and what must
// have come of it. The user's machine may be gone for so long that its session is over.

import {
  type Executor,
  type FinishedRun,
  type FlowRun,
  type Future,
  MillraceError,
  openPool,
  type Pool,
  task,
} from "@millrace/core";
import type { SeededRandom } from "../seeded-random.js";
import { differences, SILENT } from "./differences.js";
import { type RandomFlow, randomFlow } from "./random-flow.js";
import type { SimulatedCluster } from "./simulated-cluster.js";

const join = task("join", async (a: number, b: number) => (a * 31 + b) % 1009);
const square = task("square", (a: number) => (a * a) % 1009);

export class SimUser {
  private readonly made: RandomFlow;
  private readonly run: FlowRun<unknown>;
  private readonly keepsAll: boolean;
  private readonly pooled: Promise<readonly string[]>;
  private finished: FinishedRun<unknown> | undefined;
  private isCancelled = false;
  private isGone = false;
  private isBroken = false;
  private readonly said: string[] = [];
  private readonly kept: unknown[] = [];

  constructor(cluster: SimulatedCluster, seed: number, random: SeededRandom) {
    const executor = cluster.client();
    this.made = randomFlow(seed);
    this.keepsAll = random.chance(0.5);
    this.run = this.made.flow.start({}, { executor, keepResults: this.keepsAll ? "all" : "returned", logger: SILENT });
    this.run.done.catch(() => undefined);
    if (random.chance(0.15))
      cluster.after(random.next() * 300, () => {
        this.isCancelled = true;
        this.run.cancel("by its client");
      });
    if (random.chance(0.3)) cluster.after(random.next() * 300, () => this.ask(random.below(this.made.slugs.length)));
    if (random.chance(0.06))
      cluster.after(random.next() * 400, () => {
        this.isGone = true;
        cluster.leaveClient(executor, 100_000);
      });
    const own = random.fork(seed);
    if (own.chance(0.05))
      cluster.after(own.next() * 600, () => {
        this.isBroken = true;
        cluster.breakRun(executor, own.chance(0.5) ? "refused" : "given up");
      });
    if (own.chance(0.02))
      cluster.after(own.next() * 300, () => {
        this.isGone = true;
        cluster.overflowClient(executor);
      });
    const count = random.chance(0.25) ? 3 + random.below(12) : 0;
    this.pooled = this.lostIsFine(count === 0 ? undefined : () => usePool(executor, count, this.kept));
  }

  /** When all that it waits for has ended. */
  async ended(): Promise<true> {
    try {
      this.finished = await this.run.done;
    } catch (error) {
      if (!this.expects(error)) throw error;
    }
    this.said.push(...(await this.pooled));
    return true;
  }

  /** From what a run in sequence comes to. */
  async differences(): Promise<readonly string[]> {
    const { finished, said } = this;
    if (
      finished === undefined ||
      this.isBroken ||
      (finished.state === "Cancelled" && (this.isCancelled || this.isGone))
    )
      return said;
    if (!this.keepsAll && !this.isGone) said.push(...(await this.notKept(finished)));
    return [...said, ...(await differences(this.made, finished, this.keepsAll && !this.isGone))];
  }

  /** What nobody asked to be kept is there, or it is said that it was let go. */
  private async notKept(finished: FinishedRun<unknown>): Promise<readonly string[]> {
    const slug = this.made.slugs.find((one) => finished.states.get(one) === "Success");
    if (slug === undefined) return [];
    return finished.resultOf(slug).then(
      () => [],
      (error: unknown) => (error instanceof MillraceError && error.code === "RESULT_RELEASED" ? [] : [String(error)]),
    );
  }

  release(): void {
    this.finished?.release();
  }

  /** A pool's futures are there as long as somebody has them. */
  get hasReleasedAll(): boolean {
    const isOver = this.finished !== undefined || (this.isBroken && !this.isGone);
    return isOver && this.kept.length === 0;
  }

  private ask(at: number): void {
    const slug = this.made.slugs[at] ?? "";
    this.run.explain(slug).then(
      (told) => {
        if (!told.includes(slug)) this.said.push(`explain(${slug}) says ${told}`);
      },
      (error: unknown) => {
        if (!isLost(error) && !this.expects(error)) this.said.push(String(error));
      },
    );
  }

  /** Its run was lost, or broken, on purpose. */
  private expects(error: unknown): boolean {
    return (this.isGone && isLost(error)) || (this.isBroken && hasCode(error, "PUT_REFUSED", "RUN_ABANDONED"));
  }

  private async lostIsFine(use: (() => Promise<readonly string[]>) | undefined): Promise<readonly string[]> {
    try {
      return (await use?.()) ?? [];
    } catch (error) {
      return isLost(error) && this.isGone ? [] : [`a pool: ${String(error)}`];
    }
  }
}

function hasCode(error: unknown, ...codes: readonly string[]): boolean {
  for (let at: unknown = error; at instanceof Error; at = at.cause)
    if (at instanceof MillraceError && codes.includes(at.code)) return true;
  return false;
}

const isLost = (error: unknown): boolean => hasCode(error, "SCHEDULER_LOST");

/** Futures of futures, and a map of them: each is what the functions give. */
async function usePool(executor: Executor, count: number, kept: unknown[]): Promise<readonly string[]> {
  const pool: Pool = await openPool(executor, { logger: SILENT });
  const futures: Future<number>[] = [pool.submit(square, 3)];
  const right: number[] = [square.fn(3)];
  for (let i = 1; i < count; i++) {
    futures.push(pool.submit(join, futures[i >> 1] ?? 0, i));
    right.push(await join.fn(right[i >> 1] ?? 0, i));
  }
  const mapped = pool.map(square, futures);
  const dropped = pool.submit(join, 1, 2);
  dropped.cancel();
  // When a handle is collected is nobody's seed.
  kept.push(pool, futures, mapped, dropped);
  const [got, squares] = [await pool.gather(futures), await mapped];
  await dropped.catch(() => undefined);
  await pool.close();
  const found: string[] = [];
  if (String(got) !== String(right)) found.push(`a pool gave ${String(got)}, not ${String(right)}`);
  const rightSquares = right.map((n) => square.fn(n));
  if (String(squares) !== String(rightSquares))
    found.push(`a pool gave ${String(squares)}, not ${String(rightSquares)}`);
  return found;
}
