// Owns: the command `npm run load -- [--seconds N] [--seed N]`: a mixed load on a pool of threads, for as long as is asked.
// It fails where a future does not settle as it must, where threads are missing or left, or where memory grows.
import { parseArgs } from "node:util";
import type { Worker } from "node:worker_threads";
import { type Future, openPool, type Pool } from "@millrace/core";
import { ThreadPoolExecutor } from "@millrace/local";
import { SeededRandom } from "@millrace/testing/seam";
import { deaf, ending, failing, greedy, long, spinning, tiny } from "./tasks.js";

const THREADS = 2;
const SPARES = 1;
/** Growth of the process beyond this, in MB a minute, after the first fifth of the time. */
const SLOPE_MAX = 6;

type Kind = {
  readonly name: string;
  readonly weight: number;
  readonly end: string;
  submit(pool: Pool, x: number): Future<unknown>;
};
const kinds: readonly Kind[] = [
  { name: "tiny", weight: 900, end: "value", submit: (pool, x) => pool.submit(tiny, pool.submit(tiny, x)) },
  { name: "long", weight: 30, end: "value", submit: (pool, x) => pool.submit(long, 5 + (x % 20)) },
  { name: "failing", weight: 40, end: "RangeError", submit: (pool, x) => pool.submit(failing, x) },
  { name: "ending", weight: 5, end: "WORKER_DIED", submit: (pool, x) => pool.submit(ending, x % 3) },
  { name: "greedy", weight: 1, end: "WORKER_OUT_OF_MEMORY", submit: (pool, x) => pool.submit(greedy, x) },
  { name: "deaf", weight: 4, end: "TIMED_OUT", submit: (pool, x) => pool.submit(deaf, x) },
  {
    name: "cancelled",
    weight: 10,
    end: "CANCELLED",
    submit: (pool, x) => {
      const future = pool.submit(spinning, x);
      setTimeout(() => future.cancel(), x % 50);
      return future;
    },
  },
];
const total = kinds.reduce((sum, { weight }) => sum + weight, 0);

function drawn(random: SeededRandom): Kind {
  let left = random.below(total);
  for (const kind of kinds) {
    left -= kind.weight;
    if (left < 0) return kind;
  }
  throw new RangeError("no kind was drawn");
}

function codeOf(error: unknown): string {
  const [code, name]: readonly unknown[] = [Reflect.get(Object(error), "code"), Reflect.get(Object(error), "name")];
  return typeof code === "string" ? code : String(name);
}

/** MB a minute, by least squares. */
function slopeOf(points: readonly (readonly [minutes: number, megabytes: number])[]): number {
  const mean = (read: (point: readonly [number, number]) => number): number =>
    points.reduce((sum, point) => sum + read(point), 0) / points.length;
  const [x0, y0] = [mean(([x]) => x), mean(([, y]) => y)];
  const above = points.reduce((sum, [x, y]) => sum + (x - x0) * (y - y0), 0);
  return above / points.reduce((sum, [x]) => sum + (x - x0) ** 2, 0);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { seconds: { type: "string" }, seed: { type: "string" } } });
  const [seconds, random] = [Number(values.seconds ?? 600), new SeededRandom(Number(values.seed ?? 1))];
  const threads = new Set<Worker>();
  process.on("worker", (thread) => {
    threads.add(thread);
    thread.once("exit", () => threads.delete(thread));
  });
  const executor = new ThreadPoolExecutor({
    threads: THREADS,
    spareThreads: SPARES,
    graceMs: 50,
    resourceLimits: { maxOldGenerationSizeMb: 48 },
  });
  const pool = await openPool(executor);
  const settled = new Map<string, number>();
  const wrong: string[] = [];
  const memory: (readonly [number, number])[] = [];
  const startedAt = performance.now();
  const elapsed = (): number => (performance.now() - startedAt) / 1000;
  let [submitted, ended, reportedAt] = [0, 0, 0];
  while (elapsed() < seconds) {
    const batch = Array.from({ length: 200 }, () => {
      const kind = drawn(random);
      submitted++;
      const note = (end: string): void => {
        ended++;
        settled.set(kind.name, (settled.get(kind.name) ?? 0) + 1);
        if (end !== kind.end) wrong.push(`${kind.name} ended as ${end}`);
      };
      return kind.submit(pool, submitted).then(
        () => note("value"),
        (error: unknown) => note(codeOf(error)),
      );
    });
    await Promise.all(batch);
    memory.push([elapsed() / 60, process.memoryUsage.rss() / 2 ** 20]);
    if (elapsed() - reportedAt < 10) continue;
    reportedAt = elapsed();
    console.log(
      `${Math.round(elapsed())} s: ${ended} of ${submitted} settled, ${threads.size} threads, ${Math.round(memory.at(-1)?.[1] ?? 0)} MB`,
    );
  }
  await pool.close();
  const standing = threads.size;
  await executor.close();
  const slope = slopeOf(memory.slice(Math.floor(memory.length / 5)));
  console.log(
    JSON.stringify({ submitted, ended, settled: Object.fromEntries(settled), standing, left: threads.size, slope }),
  );
  for (const text of wrong.slice(0, 20)) console.log(text);
  const isGood =
    ended === submitted &&
    wrong.length === 0 &&
    standing <= THREADS + SPARES &&
    threads.size === 0 &&
    slope < SLOPE_MAX;
  console.log(isGood ? "passed" : "failed");
  return isGood ? 0 : 1;
}

process.exitCode = await main();
