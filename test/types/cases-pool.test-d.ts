/** A pool without a flow: submit, map, gather, asCompleted. */
// Wrong lines are the point of this file: the compiler is to refuse them, lint is not asked.
/* oxlint-disable no-unused-expressions, no-unused-vars, typescript/await-thenable, typescript/no-floating-promises */
import { add, conf, countWords, fetchPage, is, pair, pool, rn, sum } from "./cases-shared.js";
import type { Completed, Future, LiveState, MappedFuture, Pool, Settled } from "@millrace/core";
import { AsyncExecutor, asCompleted, openPool, unmapped } from "@millrace/core";

const f1 = pool.submit(sum, [1, 2]);
is<Future<number>>()(f1);
is<number>()(await f1);
is<LiveState>()(f1.state);
is<boolean>()(f1.cancel());
const f2 = pool.submit(fetchPage, "x");
pool.submit(sum, [f1, 2]);
pool.submit(countWords, f2);
pool.submit(conf, { url: f2, deep: { list: [f1] } });
pool.submit(fetchPage.with({ retries: 1 }), f2);
is<Future<[n: number, s: string]>>()(pool.submit(pair, 1));
// @ts-expect-error wrong future
pool.submit(countWords, f1);
// @ts-expect-error wrong future deep inside
pool.submit(conf, { url: f1, deep: { list: [] } });
// @ts-expect-error a ref belongs to a flow
pool.submit(sum, [rn]);
// @ts-expect-error a promise is no future
pool.submit(countWords, Promise.resolve("x"));
async function helper() {
  return pool.submit(countWords, "x");
} // async makes a plain promise of the future
// @ts-expect-error so its result is refused
pool.submit(sum, [helper()]);
// @ts-expect-error too few arguments
pool.submit(add, 1);
// @ts-expect-error a plain function is no task
pool.submit((x: number) => x + 1, 1);
// @ts-expect-error nor is what looks like a handle
pool.submit({ fn: (x: number) => x, name: "x" }, 1);
// @ts-expect-error a task's function is no task
pool.submit(countWords.fn, "x");
// @ts-expect-error a call makes a node of a flow
pool.submit(countWords("x"));

// a future is a promise
const promise: Promise<number> = f1;
is<Promise<number | string>>()(f1.catch(() => "x"));
is<Promise<string>>()(f1.then((n) => n.toFixed()));
is<[number, string]>()(await Promise.all([f1, f2]));
is<PromiseSettledResult<number>[]>()(await Promise.allSettled([f1, f1].map((f) => f)));
is<number>()(await promise);
// @ts-expect-error what then gives is no future
pool.submit(sum, [f1.then((n) => n + 1)]);

// map
const fm = pool.map(add, [1, f1], unmapped(2));
is<MappedFuture<number>>()(fm);
is<number[]>()(await fm);
pool.submit(sum, fm);
for await (const x of fm) is<number>()(x);
// @ts-expect-error forgot unmapped
pool.map(add, [1], 2);
// @ts-expect-error a real handle here too
pool.map({ fn: (x: number) => x, name: "x" }, [1]);

// gather
is<[number, string]>()(await pool.gather([f1, f2]));
is<{ a: number; b: [string, 3] }>()(await pool.gather({ a: f1, b: [f2, 3] }));
is<number>()(await pool.gather(f1));
is<number[]>()(await pool.gather(["a", "b"].map((s) => pool.submit(countWords, s))));
is<number[]>()(await pool.gather(fm));

// asCompleted
for await (const done of asCompleted([f1, f1])) {
  is<number>()(done.index);
  if (done.status === "success") is<number>()(done.value);
  else if (done.status === "failed") is<unknown>()(done.error);
  else is<string>()(done.reason);
}
is<AsyncIterable<Settled<number | string> & { readonly index: number }>>()(asCompleted([f1, f2]));
is<AsyncIterable<Completed<number>>>()(asCompleted(new Map([[f1, "a"]]).keys()));
// @ts-expect-error what comes is no future
for await (const done of asCompleted([f1])) done.cancel();
// @ts-expect-error the value is there after the status was looked at
for await (const done of asCompleted([f1])) done.value;
// @ts-expect-error futures, not promises
asCompleted([Promise.resolve(1)]);
// @ts-expect-error a free function
pool.asCompleted([f1]);

// open and close
await using mine = await openPool(new AsyncExecutor({ concurrency: 2 }));
is<Pool>()(mine);
is<void>()(await mine.close("drain"));
// @ts-expect-error await it
await using unawaited = openPool(new AsyncExecutor());
// @ts-expect-error an executor is no pool
new AsyncExecutor().submit(sum, [1]);
// @ts-expect-error nor the other way round
openPool(pool);
// @ts-expect-error a pool is disposed asynchronously
using sync = await openPool(new AsyncExecutor());
