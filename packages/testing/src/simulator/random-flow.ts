// Owns: a flow from a seed: tasks that fail, skip, loop and are tried again, lists, maps over maps, settled values, branches.
// R1. What each task gives is a function of what it gets: the same flow in sequence says what is right.
// R2. It has from 20 to 200 task runs, children included.

import {
  context,
  type Flow,
  flow,
  ifElse,
  isFailed,
  loop,
  param,
  pick,
  type Ref,
  settled,
  settledEach,
  skip,
  task,
} from "@millrace/core";
import { SeededRandom } from "../seeded-random.js";

const MOST = 1009;
const RUNS_LEAST = 20;
const RUNS_MOST = 200;
/** Of one step, with both maps of it; and of what comes behind all steps. */
const STEP_MOST = 25;
const END_MOST = 3;
/** A list of `spread`, of which maps are made, and one of `fork`. */
const WIDTH_MOST = 11;
const FEW_MOST = 3;
type Told = { readonly status: string; readonly value?: number };

const leaf = task("leaf", async (n: number) => {
  if (n % 3 === 0) context().logger.info("divisible by three");
  return (n * 7) % MOST;
});
const mix = task("mix", async (a: number, b: number) => (a * 31 + b) % MOST);
const flaky = task("flaky", { retries: 3, retryDelay: "10ms" }, (a: number): number => {
  if (context().runCount <= a % 3) throw new Error("not yet");
  return a + 1;
});
const fragile = task("fragile", async (a: number): Promise<number> => {
  if (a % 7 === 0) throw new Error("divisible by seven");
  return a + 2;
});
const picky = task("picky", (a: number): number => (a % 5 === 0 ? skip("divisible by five") : a + 3));
const loops = task("loops", (a: number): number => {
  const round = context().loopValue(0);
  return round < a % 4 ? loop(round + 1) : (a + round) % MOST;
});
const spread = task("spread", (a: number) =>
  Array.from({ length: 1 + (a % WIDTH_MOST) }, (_, i) => (a * 3 + i) % MOST),
);
const total = task("total", async (xs: readonly number[]) => xs.reduce((sum, x) => (sum * 17 + x) % MOST, 1));
const heavy = task("heavy", { resources: { gpu: 1 } }, async (a: number) => (a * 13) % MOST);
const fork = task("fork", (a: number) => ({
  few: Array.from({ length: a % (FEW_MOST + 1) }, (_, i) => a + i),
  left: a % 2 === 0,
}));
const hangs = task("hangs", { timeout: "2ms" }, async (_a: number): Promise<number> => {
  const { signal } = context();
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(0), { once: true }));
});
const huge = task("huge", { resources: { gpu: 3 } }, async (a: number) => (a * 19) % MOST);
/** Not all workers have the label. */
const near = task("near", { labels: ["disk"] }, async (n: number) => (n * 23) % MOST);
const rare = task("rare", { labels: ["disk"], resources: { gpu: 2 } }, async (a: number) => (a * 29) % MOST);
const doomed = task("doomed", { retries: 1, retryDelay: "5ms" }, async (a: number): Promise<number> => {
  throw new Error(`never with ${a}`);
});
const tell = task("tell", (s: Told): number => (s.status === "success" ? (s.value ?? 0) : s.status.length));

/** Of each node the slug that it has. */
export type RandomFlow = { readonly flow: Flow<{ base?: number }, unknown>; readonly slugs: readonly string[] };

class Builder {
  readonly slugs: string[] = [];
  private readonly random: SeededRandom;
  private readonly own: SeededRandom;
  /** Children, at most. */
  private children = 0;
  private readonly numbers: Ref<number>[] = [];
  private readonly lists: Ref<number[]>[] = [];

  private readonly base: Ref<number>;
  /** Some of its nodes have a priority. */
  private readonly isRanked: boolean;

  constructor(random: SeededRandom, base: Ref<number>, isRanked: boolean) {
    this.isRanked = isRanked;
    this.random = random;
    this.own = random.fork(1);
    this.base = base;
  }

  build(steps: number): Ref<number>[] {
    for (let i = 0; i < 2; i++) this.numbers.push(leaf.with(this.named())(this.random.below(MOST)));
    const { slugs } = this;
    const most = RUNS_MOST - STEP_MOST - END_MOST;
    for (let i = 0; (i < steps || slugs.length < RUNS_LEAST) && slugs.length + this.children <= most; i++) this.step();
    const last = this.numbers.slice(-3);
    this.numbers.push(
      mix.with({ ...this.named(), trigger: "anySuccessful", skipOnUpstreamSkip: false })(1, this.number()),
    );
    return this.own.chance(0.15) ? [...last, this.failing()] : last;
  }

  /** The flow ends as Failed. */
  private failing(): Ref<number> {
    return mix.with(this.named())(doomed.with(this.named())(this.number()), 1);
  }

  private map(width: number): { readonly slug: string; readonly priority?: number } {
    this.children += width;
    return this.named();
  }

  private named(): { readonly slug: string; readonly priority?: number } {
    const number = this.slugs.length;
    const slug = `n${number}`;
    this.slugs.push(slug);
    return this.isRanked && number % 3 > 0 ? { slug, priority: (number % 3) - (number % 2) * 2 } : { slug };
  }

  private number(): Ref<number> {
    const found = this.numbers[Math.max(0, this.numbers.length - 1 - this.random.below(6))];
    if (found === undefined) throw new RangeError("a flow begins with a number");
    return found;
  }

  private list(): Ref<number[]> {
    const found = this.lists[Math.max(0, this.lists.length - 1 - this.random.below(3))];
    if (found !== undefined) return found;
    const made = spread.with(this.named())(this.number());
    this.lists.push(made);
    return made;
  }

  private needy(): typeof heavy {
    const [some, labelled] = [this.random.chance(0.3) ? huge : heavy, this.own.chance(0.5) ? near : rare];
    return this.own.chance(0.5) ? labelled : some;
  }

  private step(): void {
    switch (this.random.below(17)) {
      case 0:
        return void this.numbers.push(leaf.with(this.named())(this.random.below(MOST)));
      case 1:
      case 2:
        return void this.numbers.push(mix.with(this.named())(this.number(), this.number()));
      case 3:
        return void this.numbers.push(flaky.with(this.named())(this.number()));
      case 4:
        return void this.numbers.push(tell.with(this.named())(settled(fragile.with(this.named())(this.number()))));
      case 5:
        return void this.numbers.push(tell.with(this.named())(settled(picky.with(this.named())(this.number()))));
      case 6:
        return void this.numbers.push(loops.with(this.named())(this.number()));
      case 7:
        return void this.lists.push(spread.with(this.named())(this.number()));
      case 8:
        return void this.numbers.push(total.with(this.named())(this.list()));
      case 9: {
        // Children that need resources stand in each other's way.
        const child = this.own.chance(0.5) ? this.needy() : flaky;
        return void this.lists.push(child.with(this.map(WIDTH_MOST)).map(this.list()));
      }
      case 10: {
        const odd = fragile.with(this.map(WIDTH_MOST)).map(this.list());
        return void this.lists.push(tell.with(this.map(WIDTH_MOST)).map(settledEach(odd)));
      }
      case 11:
        return void this.numbers.push(this.needy().with(this.named())(this.number()));
      case 12:
        // It has no value to give on.
        return void this.numbers.push(
          tell.with(this.named())(
            settled(
              mix.with({ ...this.named(), trigger: "allFinished" })(fragile.with(this.named())(this.number()), 1),
            ),
          ),
        );
      case 13:
        return void this.numbers.push(
          tell.with(this.named())(settled(mix.with(this.named())(fragile.with(this.named())(this.number()), 2))),
        );
      case 14: {
        const made = fork.with(this.named())(this.number());
        this.lists.push(leaf.with(this.map(FEW_MOST)).map(pick(made, "few")));
        const sure = this.number();
        return void this.numbers.push(
          ifElse(
            pick(made, "left"),
            () => leaf.with(this.named())(sure),
            () => flaky.with(this.named())(sure),
          ),
        );
      }
      case 15:
        if (this.random.chance(0.7)) return void this.numbers.push(mix.with(this.named())(this.number(), this.base));
        return void this.numbers.push(tell.with(this.named())(settled(hangs.with(this.named())(this.number()))));
      default: {
        const [risky, sure] = [fragile.with(this.named())(this.number()), this.number()];
        return void this.numbers.push(
          ifElse(
            isFailed(settled(risky)),
            () => leaf.with(this.named())(sure),
            () => mix.with(this.named())(risky, sure),
          ),
        );
      }
    }
  }
}

export function randomFlow(seed: number): RandomFlow {
  const slugs: string[] = [];
  const made = flow(`seed-${seed}`, { params: { base: param(seed % MOST) } }, (given) => {
    const random = new SeededRandom(seed);
    const builder = new Builder(random, given.base, seed % 4 === 3);
    const ends = builder.build(17 + random.below(40));
    slugs.push(...builder.slugs);
    return ends;
  });
  return { flow: made, slugs };
}
