/** Flows, parameters, runs, fakes. */
// Wrong lines are the point of this file: the compiler is to refuse them, lint is not asked.
/* oxlint-disable no-unused-expressions, no-unused-vars, typescript/await-thenable, typescript/no-floating-promises */
import { type } from "arktype";
import * as v from "valibot";
import * as z from "zod";
import { add, conf, countWords, fetchPage, is, mn, pair, rn, rs, sum } from "./cases-shared.js";
import type {
  AnyFlow,
  FinishedRun,
  Flow,
  FlowProblem,
  FlowRun,
  Ref,
  Refable,
  StateRow,
  TaskState,
} from "@millrace/core";
import {
  AsyncExecutor,
  FlowFailed,
  InvalidParams,
  SequentialExecutor,
  flow,
  param,
  task,
  unmapped,
} from "@millrace/core";

export const wordCount = flow("word-count", { params: { urls: z.array(z.url()) } }, (p) => {
  is<Ref<string[]>>()(p.urls);
  return sum(countWords.map(fetchPage.map(p.urls)));
});
is<Flow<{ urls: string[] }, number>>()(wordCount);

/* ---------------------------------------------------------------- run, start, parse */
is<number>()(await wordCount.run({ urls: ["https://example.org"] }));
const live = wordCount.start({ urls: [] }, { signal: AbortSignal.timeout(1000), executor: new SequentialExecutor() });
is<FlowRun<number>>()(live);
is<void>()(live.cancel("enough"));
is<Promise<string>>()(live.explain("sum-1"));
for await (const batch of live.changes()) for (const change of batch) is<number>()(change.count);
const finished = await live.done;
is<FinishedRun<number>>()(finished);
is<number>()(finished.value);
is<"Success" | "Failed" | "Cancelled">()(finished.state);
is<TaskState | undefined>()(finished.states.get("count-words-1", 3));
is<unknown>()(await finished.resultOf("count-words-1", 3));
is<number | undefined>()(finished.states.width("count-words-1"));
is<number | undefined>()(finished.states.durationMs("count-words-1", 3));
is<readonly StateRow[]>()(finished.states.table());
is<void>()(finished.release());
is<readonly FlowProblem[]>()(wordCount.check());
is<string>()((await wordCount.graph()).node("sum-1").name);
is<number>()(await wordCount.run({ urls: [] }, { keepResults: "all" }));
is<{ urls: string[] }>()(wordCount.parse(JSON.parse("{}")));
try {
  await wordCount.run(wordCount.parse(null));
} catch (error) {
  if (error instanceof InvalidParams) is<string | undefined>()(error.issues[0]?.message);
  if (error instanceof FlowFailed) is<FinishedRun<unknown>>()(error.run);
}
await wordCount.run(JSON.parse("{}")); // a hole: `any` goes through unchecked; hence parse
// @ts-expect-error run gives the value itself
(await wordCount.run({ urls: [] })).value;
// @ts-expect-error a live run is not its value
live.value;
// @ts-expect-error a live run is no thenable
live.then((run) => run.value);
// @ts-expect-error awaiting it gives the live run, not the finished one
(await wordCount.start({ urls: [] })).value;
// @ts-expect-error no such state
finished.state === "success";
// @ts-expect-error a result by slug is unknown
(await finished.resultOf("sum-1")).toFixed();
// @ts-expect-error by slug, not by handle
finished.resultOf(countWords, 1);
// @ts-expect-error what parse gives is the input
wordCount.parse("x").trim();
// @ts-expect-error unknown run option
wordCount.run({ urls: [] }, { exector: new SequentialExecutor() });
// @ts-expect-error an executor object, not its class
wordCount.run({ urls: [] }, { executor: AsyncExecutor });
// @ts-expect-error only the two that are honoured
wordCount.run({ urls: [] }, { keepResults: "none" });
// @ts-expect-error no setter for the executor
wordCount.executor = new AsyncExecutor();
// @ts-expect-error wrong type
wordCount.run({ urls: [1] });
// @ts-expect-error missing parameter
wordCount.run({});
// @ts-expect-error missing parameters
wordCount.run();
// @ts-expect-error the same for start
wordCount.start();

/* ---------------------------------------------------------------- parameters: one schema, or a record */
const zodSchema = z.object({ n: z.number().default(3), o: z.string().optional(), t: z.string().transform(Number) });
const zodFlow = flow("z", { params: zodSchema }, (p) => {
  is<Ref<number>>()(p.n);
  is<Ref<string | undefined>>()(p.o);
  is<Ref<number>>()(p.t);
  return { n: p.n, both: [p.n, p.o] as const, date: new Date(), t: add.map([1], [p.t]) };
});
is<{ n: number; both: [number, string | undefined]; date: Date; t: number[] }>()(await zodFlow.run({ t: "3" }));
is<{ t: string; n?: number | undefined; o?: string | undefined }>()(zodFlow.parse({}));
const valibotFlow = flow(
  "v",
  { params: v.object({ urls: v.array(v.string()), n: v.optional(v.number(), 3) }) },
  (p) => {
    is<Ref<number>>()(p.n);
    return pair(p.n);
  },
);
is<[n: number, s: string]>()(await valibotFlow.run({ urls: [] }));
const arkFlow = flow("a", { params: type({ urls: "string[]", "n?": "number" }) }, (p) => {
  is<Ref<number | undefined>>()(p.n);
  fetchPage.map(p.urls);
});
is<void>()(await arkFlow.run({ urls: [] }));
const ownParams = {
  urls: param<string[]>(),
  n: param(3),
  mode: param<"a" | "b">("a"),
  z: z.number().default(2),
  s: z.string(),
};
const ownFlow = flow(
  "own",
  { params: ownParams, executor: new AsyncExecutor({ concurrency: 4 }), tags: ["x"] },
  (p) => {
    is<Ref<string[]>>()(p.urls);
    is<Ref<number>>()(p.n);
    is<Ref<"a" | "b">>()(p.mode);
    is<Ref<number>>()(p.z);
    is<Ref<string>>()(p.s);
    return p.n;
  },
);
is<{ urls: string[]; n?: number; mode?: "a" | "b"; z?: number | undefined; s: string }>()(ownFlow.parse({}));
await ownFlow.run({ urls: [], s: "x" });
await ownFlow.run({ urls: [], s: "x", n: 4, mode: "b", z: 1 });
is<number>()(await flow("none", () => 1).run());
is<number>()(await flow("opt", { params: { n: param(3) } }, (p) => p.n).run());
const wholeParams = (): Refable<{ url: string; deep: { list: readonly number[] } }> => ({
  url: rs,
  deep: { list: [1, rn] },
});
conf(wholeParams());
const weak = task("weak", (o: { limit: number }) => o);
flow("whole", { params: z.object({ limit: z.number() }) }, (p) => weak(p)); // the params together are an argument too
// @ts-expect-error unknown parameter
ownFlow.run({ urls: [], s: "x", m: 3 });
// @ts-expect-error no such literal
ownFlow.run({ urls: [], s: "x", mode: "c" });
// @ts-expect-error no such parameter
flow("x", { params: { n: param(3) } }, (p) => p.m);
// @ts-expect-error a parameter is a ref
flow("x", { params: { n: param(3) } }, (p) => p.n.toFixed());
// @ts-expect-error parameters are an object
flow("x", { params: z.string() }, (p) => p);
// @ts-expect-error a field is a param or a schema
flow("x", { params: { n: 3 } }, (p) => p.n);
// @ts-expect-error unknown option
flow("x", { executr: 3 }, () => 1);
// @ts-expect-error an executor object
flow("x", { executor: "threads" }, () => 1);

/* ---------------------------------------------------------------- what a flow returns */
class Secret {
  readonly name = "x";
  #v = 1;
  read() {
    return this.#v;
  }
}
is<{ s: Secret; v: { x: number }[] }>()(await flow("cls", () => ({ s: new Secret(), v: [{ x: rn }] })).run());
type Json = string | number | boolean | null | Json[] | { [k: string]: Json };
const json = task("json", (x: Json) => x);
is<Json>()(await flow("json", () => json(1)).run());
is<number[]>()(await flow("mapped", () => mn).run());
// @ts-expect-error a flow's function is not async
flow("x", async () => rn);
// @ts-expect-error nor with options
flow("x", { tags: ["a"] }, async () => rn);
export const flows: AnyFlow[] = [wordCount, zodFlow, ownFlow, arkFlow];

// isolatedDeclarations: what a user then writes
export const written: Flow<{ n: number }, number> = flow("x", { params: { n: param<number>() } }, (p) => add(p.n, 1));
// @ts-expect-error other parameters
export const wrongParams: Flow<{ n: string }, number> = flow("x", { params: { n: param<number>() } }, (p) => p.n);
// @ts-expect-error another result
export const wrongResult: Flow<{ n: number }, string> = flow("x", { params: { n: param<number>() } }, (p) => p.n);
export const usesUnmapped = flow("u", { params: { n: param(1) } }, (p) => add.map([1], unmapped(p.n)));
