/** Definitions, options, `.with`, signals, context, what a task may return. */
// Wrong lines are the point of this file: the compiler is to refuse them, lint is not asked.
/* oxlint-disable no-unused-expressions, no-unused-vars, typescript/await-thenable, typescript/no-floating-promises */
import { add, countWords, fetchPage, is, mn, pair, rn, rnn, rns, rs, sum } from "./cases-shared.js";
import type { Context, Ref, Task, TupleTask } from "@millrace/core";
import { context, fail, flow, isSignal, loop, mapped, skip, tags, task } from "@millrace/core";

// the name first, always
// @ts-expect-error no name
task((x: number) => x);
// @ts-expect-error the name is no option
task({ name: "x" }, (x: number) => x);
// @ts-expect-error nor beside the name
task("x", { name: "y" }, (x: number) => x);
// @ts-expect-error options come before the function
task("x", (x: number) => x, { retries: 1 });
// @ts-expect-error there is no function
task("x", { retries: 1 });
// @ts-expect-error implicit any is reported, not swallowed
task("x", (_x) => 1);
// @ts-expect-error the same with options
task("x", { retries: 1 }, (_x) => 1);
// @ts-expect-error unknown option
task("x", { retires: 3 }, (_x: number) => 1);
// @ts-expect-error no duration
task("x", { retryDelay: "3 seconds" }, (x: number) => x);
class NoFunction {
  x = 1;
}
// @ts-expect-error a class is no task function
task("x", NoFunction);
// @ts-expect-error a slug belongs to a node
task("x", { slug: "y" }, (x: number) => x);
function named(x: number) {
  return x;
}
is<Task<(x: number) => number>>()(task("named", named));

// options
declare const config: { retryDelay?: "1s"; retries: number | undefined };
task("x", { retryDelay: config.retryDelay, retries: config.retries }, (x: number) => x); // with exactOptionalPropertyTypes
task(
  "x",
  { retries: 2, retryDelay: 1_500, args: ["url"], maxConcurrency: 4, maxOpenPipelines: 2 },
  (url: string) => url,
);
task("x", { trigger: "anyFailed", skipOnUpstreamSkip: false }, (x: number) => x);
task("x", { trigger: { someFailed: { atLeast: 1, atMost: 0.5 } } }, (x: number) => x);
task("x", { trigger: { someSuccessful: {} } }, (x: number) => x);
declare const none: undefined;
is<Task<(x: number) => number>>()(task("x", { args: none, tags: none, trigger: none }, (x: number) => x));
// @ts-expect-error no such trigger
task("x", { trigger: "allSucessful" }, (x: number) => x);
// @ts-expect-error one of the two
task("x", { trigger: { someDone: {} } }, (x: number) => x);
// @ts-expect-error bounds are numbers
task("x", { trigger: { someFailed: { atLeast: "1" } } }, (x: number) => x);
// @ts-expect-error tags are a list
task("x", { tags: "slow" }, (x: number) => x);
// @ts-expect-error a number
task("x", { maxConcurrency: "4" }, (x: number) => x);
is<Ref<number>>()(tags(["slow"], () => sum([1])));
// @ts-expect-error a list here too
tags("slow", () => sum([1]));

// .fn, .with
is<number>()(countWords.fn("a b"));
is<Promise<string>>()(fetchPage.fn("x"));
is<string>()(fetchPage.name);
is<Task<(xs: number[]) => number>>()(sum.with({ retries: 3 }));
is<Ref<number>>()(sum.with({ name: "total", slug: "total-1" })([1]));
sum.with({ upstream: [rs, fetchPage("x")], tags: ["slow"] })(rns);
sum.with({ trigger: "allFinished", name: "late", skipOnUpstreamSkip: false }).map(rnn);
countWords.with({ upstream: [mapped(mn)] }).map(["a"]);
is<TupleTask<(x: number) => [n: number, s: string]>>()(pair.with({ retries: 1 }));
const [w0] = pair.with({ name: "x" })(1);
is<Ref<number>>()(w0);
// @ts-expect-error nout belongs to the definition
sum.with({ nout: 2 });
sum.with({ retries: 2, retryDelay: "1s", maxConcurrency: 3, trigger: { someFailed: { atLeast: 1 } } });
// @ts-expect-error the names of the inputs too
sum.with({ args: ["xs"] });
// @ts-expect-error upstream is a list
sum.with({ upstream: rn });
// @ts-expect-error only a map has children to pair with
sum.with({ upstream: [mapped(rns)] });
// @ts-expect-error unknown option
sum.with({ nme: "x" });
// @ts-expect-error there is no .named
sum.named("x");
// @ts-expect-error a paired upstream is no argument
add(mapped(mn), 1);

// signals are never
is<never>()(skip("no"));
is<never>()(loop({ cursor: "x" }));
is<boolean>()(isSignal("x"));
is<never>()(fail("no"));
is<Ref<number>>()(task("x", (x: number) => (x > 3 ? skip("no") : x))(1));
is<Ref<number>>()(
  task("x", (x: number) => {
    if (x > 3) return skip();
    return x;
  })(1),
);
is<Ref<string>>()(
  task("x", async (x: number) => {
    if (x > 3) return loop(x);
    if (x > 5) fail("no");
    return String(x);
  })(1),
);
const narrowed = (x: string | undefined): string => {
  if (x === undefined) skip("no x");
  return x;
}; // a call of type never narrows
is<string>()(narrowed("a"));
// @ts-expect-error a failure says why
export const failed = () => fail();
// @ts-expect-error a loop says what comes next
export const looped = () => loop();

// the context
const c = context();
is<Context>()(c);
is<number>()(c.runCount);
is<number>()(c.loopCount);
is<number | undefined>()(c.mapIndex);
is<Readonly<Record<string, unknown>>>()(c.parameters);
is<AbortSignal>()(c.signal);
is<boolean>()(c.cancelled);
is<string>()(c.taskSlug + c.taskName + c.flowName + c.runName);
is<readonly string[]>()(c.tags);
is<number>()(c.loopValue(0)); // not 0
interface Cursor {
  next: string;
  rows: number[];
  last?: string;
}
is<Cursor>()(c.loopValue<Cursor>({ next: "", rows: [] }));
is<{ next: string }>()(c.loopValue({ next: "" }));
is<string | undefined>()(c.loopValue<string | undefined>(undefined));
const cursor: Cursor = c.loopValue({ next: "", rows: [] });
is<number[]>()(cursor.rows);
is<never[]>()(c.loopValue({ rows: [] }).rows); // a limit: say the type where the initial value holds an empty list
// @ts-expect-error the initial value has the type
c.loopValue<Cursor>({ next: "" });
// @ts-expect-error typed by the initial value
c.loopValue(0).trim();
// @ts-expect-error an unknown parameter's value is unknown
c.parameters.url.trim();

// what a task may return
is<Ref<void>>()(task("x", (_x: number): void => {})(1));
is<Ref<void>>()(task("x", async (_x: number) => {})(1));
is<Ref<never>>()(
  task("x", (_x: number) => {
    throw new Error("x");
  })(1),
);
is<Ref<any>>()(task("x", (x: string) => JSON.parse(x))("x"));
is<Ref<unknown>>()(task("x", (x: string): unknown => x)("x"));
is<Ref<number>>()(task("x", (x: number): PromiseLike<number> => Promise.resolve(x))(1));
is<Ref<number | string>>()(task("x", (x: number): number | Promise<string> => x)(1));
const walk = task("walk", async (n: number): Promise<number> => (n > 0 ? walk.fn(n - 1) : 0));
is<Ref<number>>()(walk(1));
// @ts-expect-error without a written result a task that calls itself is TS7022
const endless = task("endless", async (n: number) => endless.fn(n));
// @ts-expect-error void is no number
add(task("x", (_x: number): void => {})(1), 1);
// @ts-expect-error a stream is no value
task("x", async function* (x: number) {
  yield x;
})(1);
// @ts-expect-error a generator neither
task("x", function* (x: number) {
  yield x;
})(1);
// @ts-expect-error a task does not call a task
task("x", (_x: number) => sum([1]))(1);

// isolatedDeclarations: what a user then writes
export const written: Task<(url: string) => Promise<string>> = task("x", { retries: 3 }, async (url) => url.trim());
export const writtenPair: TupleTask<(x: number) => [n: number, s: string]> = task("x", { nout: 2 }, (x) => [x, "a"]);
export const writtenShort: Task<(xs: number[]) => number> = task("x", (xs) => xs.length);
// @ts-expect-error another result
export const wrongResult: Task<(text: string) => string> = task("x", (text: string) => text.length);
// @ts-expect-error a plain task is no tuple task
export const wrongKind: TupleTask<(x: number) => [number, string]> = task("x", (x: number): [number, string] => [
  x,
  "a",
]);
export const usesAll = flow("all", () => [written("x"), writtenPair(1)[0], writtenShort([1])]);
