// A pool without a flow: primes counted in threads, and what depends on what said by futures in arguments.
// Run it with `node examples/pool/main.mjs`, or `... main.mjs sequential` to see what the threads are good for.
import { AsyncExecutor, asCompleted, openPool, SequentialExecutor, task } from "millrace";
import { ThreadPoolExecutor } from "millrace/local";

const isPrime = (n) => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false;
  return n > 1;
};
const countPrimes = task("count-primes", (from, to) => {
  let count = 0;
  for (let n = from; n < to; n++) if (isPrime(n)) count++;
  return count;
});
const sum = task("sum", (counts) => counts.reduce((a, b) => a + b, 0));

const executors = { sequential: SequentialExecutor, async: AsyncExecutor, threads: ThreadPoolExecutor };
const executor = new executors[process.argv[2] ?? "threads"]();
const pool = await openPool(executor);
try {
  const ranges = Array.from({ length: 8 }, (_, i) => [i * 250_000, (i + 1) * 250_000]);
  const counts = ranges.map(([from, to]) => pool.submit(countPrimes, from, to));
  // It waits for all of them, in the scheduler: no thread stands still for it.
  const total = pool.submit(sum, counts);
  for await (const count of asCompleted(counts)) {
    const [from, to] = ranges[count.index];
    console.log(`${from} to ${to}: ${count.status === "success" ? `${count.value} primes` : count.error}`);
  }
  console.log(`${await total} primes below two millions`);
} finally {
  await pool.close();
  await executor.close();
}
