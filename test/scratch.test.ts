import { expect, test } from "vitest";
import * as z from "zod";
import { flow, task, param, SequentialExecutor, settledEach, succeeded, skip, when, ifElse, isFailed, settled, merge, describeFlow, unmapped, FlowFailed } from "@millrace/core";
const inc = task("inc", (x: number) => x + 1);
const flaky = task("flaky", (x: number) => { if (x === 2) throw new TypeError("two"); if (x === 3) skip("three"); return x; });
const sum = task("sum", (xs: number[]) => xs.reduce((a, b) => a + b, 0));
test("run", async () => {
  const f = flow("f", { params: { xs: param<number[]>() } }, (p) => {
    const m = flaky.map(p.xs);
    const s = sum(succeeded(m));
    return { s, r: ifElse(isFailed(settled(m)), () => inc(s), () => s), each: settledEach(m) };
  });
  const run = f.start({ xs: [1, 2, 3, 4] });
  const seen: unknown[] = [];
  for await (const batch of run.changes()) seen.push(batch);
  console.dir(seen, { depth: 9 });
  const done = await run.done;
  console.log(done.state, run.summary(), done.states.table());
  try { console.log(done.value); } catch (e) { console.log(e); }
  console.log(await done.resultOf("flaky-1", 3), await done.resultOf("flaky-1", 1).catch(e => e.message), await done.resultOf("flaky-1").catch(e => e.message));
  console.log(await run.explain("sum-1"), await run.explain("sum-9").catch(e=>e.message));
  console.log((await f.graph()).edges(), describeFlow(f), f.check());
});
test("failed", async () => {
  const f = flow("f", { params: z.object({ xs: z.array(z.number()) }) }, (p) => sum(inc.map(flaky.map(p.xs))));
  const e = await f.run({ xs: [1, 2, 5] }).catch(e => e);
  console.log(e.message, e.causes, e instanceof FlowFailed);
  console.log(await f.run({ xs: ["a" as never] }).catch(e => e));
});
