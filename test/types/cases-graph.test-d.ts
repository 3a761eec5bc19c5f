/** Maps, parts of results, branches, settled values, pieces of graph for each element. */
// Wrong lines are the point of this file: the compiler is to refuse them, lint is not asked.
/* oxlint-disable no-unused-expressions, no-unused-vars, typescript/await-thenable, typescript/no-floating-promises */
import {
  add,
  conf,
  countWords,
  fetchPage,
  is,
  mn,
  pair,
  plainPair,
  rb,
  readonlyRef,
  rn,
  rnn,
  rns,
  rs,
  rss,
  sum,
} from "./cases-shared.js";
import type { Mapped, Ref, Settled, Task, TupleTask } from "@millrace/core";
import {
  constant,
  ifElse,
  isFailed,
  merge,
  pick,
  referenceTasks,
  settled,
  settledEach,
  succeeded,
  task,
  unmapped,
  unpack,
  when,
} from "@millrace/core";

/* ---------------------------------------------------------------- map */
is<Mapped<number>>()(add.map(rns, [1, 2, rn]));
is<Mapped<number>>()(countWords.map(fetchPage.map(rss)));
is<Mapped<string>>()(fetchPage.map(["a", rs]));
add.map(rns, unmapped(4));
add.map(rns, unmapped(rn), [1] as const);
add.map(add.map(rns, rns), readonlyRef);
add.map(rns, sum.map([[1, rn], rns]));
declare const rt: Ref<[number, number]>;
add.map(rt, rt);
sum.map(rnn);
sum.map(unmapped(rns));
conf.map([{ url: rs, deep: { list: [rn] } }]);
sum.map(unmapped(mn));
// @ts-expect-error forgot unmapped
add.map(rns, 4);
// @ts-expect-error not a list
add.map(rn, rns);
// @ts-expect-error elements of the wrong type
add.map(rss, rns);
// @ts-expect-error unmapped of the wrong type
add.map(rns, unmapped(rs));
// @ts-expect-error a string is no list of strings
fetchPage.map("abc");
declare const maybe: Ref<number[] | undefined>;
declare const set: Ref<Set<number>>;
// @ts-expect-error may be undefined
add.map(maybe, rns);
// @ts-expect-error only arrays have an index
add.map(set, rns);
// @ts-expect-error missing list
add.map(rns);
// @ts-expect-error unmapped has no place in a plain call
sum(unmapped(rns));
// @ts-expect-error unmapped inside an object argument: give the object as an argument of its own
conf.map({ url: unmapped(rs), deep: { list: [] } });

/* ---------------------------------------------------------------- results: whole maps, nout, unpack, pick */
sum(countWords.map(["a"]));
// @ts-expect-error Mapped<string> where number[] is expected
sum(fetchPage.map(["a"]));
is<TupleTask<(x: number) => [n: number, s: string]>>()(pair);
const [p0, p1] = pair(1);
is<Ref<number>>()(p0);
is<Ref<string>>()(p1);
is<Mapped<[n: number, s: string]>>()(pair.map([1]));
const asyncPair = task("async-pair", { nout: 2 }, async (x: number): Promise<[number, Date]> => [x, new Date()]);
const [q0, q1] = asyncPair(p0);
is<Ref<Date>>()(q1);
add(p0, q0);
// @ts-expect-error no third position
const [_a0, _a1, _a2] = pair(1);
// @ts-expect-error the length is checked
const [_b0] = task("x", { nout: 3 }, (x: number): [number, string] => [x, "a"])(1);
// @ts-expect-error no tuple
const [_c0] = task("x", { nout: 2 }, (x: number) => [x, x])(1);
const takesPair = task("takes-pair", (p: [number, string]) => p.length);
const [u0, u1] = unpack(plainPair(1), 2);
is<Ref<number>>()(u0);
is<Ref<string>>()(u1);
takesPair(plainPair(1));
takesPair([...unpack(plainPair(1), 2)]);
// @ts-expect-error wrong length
unpack(plainPair(1), 3);
// @ts-expect-error no tuple
unpack(rns, 2);
// @ts-expect-error a plain ref is not iterable
const [_d0, _d1] = plainPair(1);
const box = constant({ a: 1, b: "x", list: [1] });
declare const key: Ref<"a" | "b">;
is<Ref<number>>()(pick(box, "a"));
is<Ref<string | number>>()(pick(box, key));
is<Ref<number | undefined>>()(pick(rns, 0));
is<Ref<string>>()(pick(plainPair(1), 1));
sum(pick(box, "list"));
// @ts-expect-error no such key
pick(box, "c");
// @ts-expect-error a primitive has no parts
pick(rn, "toFixed");

/* ---------------------------------------------------------------- branches */
const giveN = () => rn;
const giveS = () => rs;
declare const color: Ref<"red" | "green" | "blue">;
is<Ref<string | number | Date>>()(merge(rn, rs, constant(new Date())));
is<Ref<number>>()(when(rb, () => sum([1])));
is<Ref<number>>()(when(color, "red", () => sum([1])));
is<[Ref<number>, Ref<string>]>()(when(rb, (): [Ref<number>, Ref<string>] => [rn, rs]));
is<Ref<number | string>>()(ifElse(rb, giveN, giveS));
is<Ref<number>>()(
  merge(
    when(rb, () => rn),
    when(rb, false, () => rn),
  ),
);
is<Ref<string>>()(when(rn, 3, () => rs));
// @ts-expect-error never equal
when(color, "pink", () => rn);
// @ts-expect-error no boolean
when(rn, () => rn);
// @ts-expect-error only primitives are compared
when(box, { a: 1, b: "x", list: [1] }, () => rn);
const above3 = (n: number) => n > 3;
// @ts-expect-error a predicate is a task of its own
when(rn, above3, giveN);
// @ts-expect-error no otherwise: that is ifElse
when(rb, giveN, giveS);
// @ts-expect-error a body must not be async
when(rb, async () => rn);
// @ts-expect-error nor one of ifElse
ifElse(rb, async () => rn, giveS);
// @ts-expect-error a branch gives a ref
ifElse(rb, () => 1, giveS);
is<void>()(referenceTasks(rn, mn, p1));
// @ts-expect-error results, not tasks
referenceTasks(sum);

/* ---------------------------------------------------------------- settled values */
is<Ref<Settled<string>>>()(settled(rs));
is<Ref<Settled<number[]>>>()(settled(mn)); // a map as one
is<Ref<Settled<number>[]>>()(settledEach(mn));
is<Ref<Settled<number>[]>>()(settledEach([rn, rn]));
is<Ref<Settled<number | string>[]>>()(settledEach([rn, rs]));
is<Ref<number[]>>()(succeeded(mn));
is<Ref<number[]>>()(succeeded(rns));
is<Ref<number[]>>()(succeeded(readonlyRef));
is<Ref<number[]>>()(succeeded([rn, rn]));
is<Ref<(number | string)[]>>()(succeeded([rn, rs]));
is<Ref<number>>()(sum(succeeded(mn)));
is<Ref<boolean>>()(isFailed(settled(rs)));
is<Ref<boolean>>()(isFailed(settled(mn)));
is<Ref<string | number>>()(ifElse(isFailed(settled(rs)), giveN, giveS));
const report = task("report", (s: Settled<number>) => {
  if (s.status === "success") return s.value + s.state.length;
  if (s.status === "failed") return String(s.error) + s.state;
  return s.raised ? s.reason : s.state;
});
is<Ref<string | number>>()(report(settled(rn)));
is<Mapped<string | number>>()(report.map(settledEach(mn)));
is<Ref<"success" | "failed" | "skipped">>()(pick(settled(rn), "status"));
// @ts-expect-error a task that takes the value does not take what became of it
countWords(settled(rs));
// @ts-expect-error settled of a map is one value
report.map(settled(mn));
// @ts-expect-error the elements are settledEach's
report(settled(mn));
// @ts-expect-error not a list
settledEach(rn);
// @ts-expect-error not a list
succeeded(rn);
// @ts-expect-error refs, not values: a value has not failed
succeeded([1, 2]);
// @ts-expect-error a ref itself never failed: settled(rn) says what became of it
isFailed(rn);
// @ts-expect-error one, not a list
isFailed(settledEach(mn));
// @ts-expect-error the value is there after the status was looked at
task("x", (s: Settled<number>) => s.value);

/* ---------------------------------------------------------------- helpers generic over the item */
export function enrichAll<T, U>(items: Ref<T[]>, enrich: Task<(item: T) => Promise<U>>): Mapped<U> {
  return enrich.map(items);
}
export function enrichOne<T, U>(item: Ref<T>, enrich: Task<(item: T) => Promise<U>>): Ref<U> {
  return enrich(item);
}
export function good<T, U>(items: Ref<T[]>, step: (items: Ref<T[]>) => Mapped<U>): Ref<U[]> {
  return succeeded(step(items));
}
export function states<T, U>(items: Ref<T[]>, step: (items: Ref<T[]>) => Mapped<U>): Ref<Settled<U>[]> {
  return settledEach(step(items));
}
export function orElse<T>(x: Ref<T>, backup: () => Ref<T>): Ref<T> {
  return ifElse(isFailed(settled(x)), backup, () => x);
}
is<Mapped<string>>()(enrichAll(rss, fetchPage));
is<Ref<number[]>>()(good(rss, (texts) => countWords.map(texts)));
is<Ref<Settled<number>[]>>()(states(rss, (texts) => countWords.map(texts)));
is<Ref<string>>()(orElse(fetchPage("x"), () => fetchPage("y")));
// @ts-expect-error a sync task where an async one is asked for
enrichAll(rss, countWords);
