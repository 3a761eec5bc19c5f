/** Arguments of a call: where refs may stand, and which types hold them. */
// Wrong lines are the point of this file: the compiler is to refuse them, lint is not asked.
/* oxlint-disable no-unused-expressions, no-unused-vars, typescript/await-thenable, typescript/no-base-to-string */
/* oxlint-disable typescript/no-floating-promises, typescript/restrict-template-expressions */
import { add, conf, countWords, fetchPage, is, mn, rb, readonlyRef, rn, rns, rs, sum } from "./cases-shared.js";
import type { AnyTask, Ref, Refable, Task } from "@millrace/core";
import { constant, task } from "@millrace/core";

is<Task<(url: string) => Promise<string>>>()(fetchPage);
is<Ref<string>>()(fetchPage("x"));
is<Ref<string>>()(fetchPage(rs));
is<Ref<number>>()(sum([1, rn]));
sum(rns);
sum([]);
sum([rn, 2]);
sum(mn);
add(1, rn);
add(1, 2, rn);
add(rn, rn, undefined);
// @ts-expect-error an element of the wrong type
sum([1, rs]);
// @ts-expect-error a ref of the wrong type
sum(rs);
// @ts-expect-error too few arguments
add(1);
// @ts-expect-error too many arguments
sum([1], 2);
// @ts-expect-error the task itself, not its result
sum(countWords);
// @ts-expect-error a promise is no ref
fetchPage(Promise.resolve("x"));

// optional, default, rest parameters
const shapes = task("shapes", (a: number, _b?: string, ..._rest: boolean[]) => a);
shapes(1);
shapes(rn, rs);
shapes(rn, undefined, true, rb);
// @ts-expect-error a rest element of the wrong type
shapes(1, "a", rs);
const defaults = task("defaults", (a: number, n = 3, m = "x") => a + n.toFixed() + m); // n is a number, not unknown
is<Task<(a: number, n?: number, m?: string) => string>>()(defaults);

// objects, tuples, unions, readonly
conf({ url: rs, deep: { list: [rn] } });
conf({ url: "x", limit: rn, deep: constant({ list: [1] }) });
// @ts-expect-error misspelled key
conf({ url: rs, limt: 1, deep: { list: [] } });
// @ts-expect-error wrong type deep inside
conf({ url: rs, deep: { list: [rs] } });
// @ts-expect-error a key is missing, and a ref stands beside it
conf({ limit: rn, deep: { list: [] } });
// @ts-expect-error explicit undefined under exactOptionalPropertyTypes
conf({ url: rs, limit: undefined, deep: { list: [] } });
const tup = task("tup", (p: [lat: number, lon: number], _q: readonly [a: string, b?: number]) => p);
tup([rn, 1], ["a", rn]);
tup([rn, 1], ["a"]);
tup(constant<[number, number]>([1, 2]), ["a"]);
// @ts-expect-error too short
tup([rn], ["a"]);
const union = task("union", (u: { kind: "a"; x: number } | { kind: "b"; y: string }) => u);
union({ kind: "a", x: rn });
union({ kind: "b", y: rs });
// @ts-expect-error wrong branch
union({ kind: "b", x: rn });
const ro = task("ro", (p: readonly number[]) => p);
const rw = task("rw", (p: number[]) => p);
declare const readonlyList: readonly number[];
ro([1, rn]);
ro(rns);
ro(readonlyRef);
ro(readonlyList);
// @ts-expect-error readonly into mutable, as everywhere in TypeScript
rw(readonlyRef);
// @ts-expect-error the same without a ref
rw(readonlyList);
const literal = task("literal", (m: "fast" | "slow", _o: { mode: "fast" | "slow" }) => m);
literal("fast", { mode: "slow" });
// @ts-expect-error no such literal
literal("fst", { mode: "slow" });
// @ts-expect-error no such literal deep inside
literal("fast", { mode: "slw" });

// recursive types
type Json = string | number | boolean | null | Json[] | { [k: string]: Json };
const json = task("json", (x: Json) => x);
declare const jv: Json;
json({ a: [rn, { b: rs }] });
json(json(1));
json(rn);
json([rn, [rs]]);
json(jv);
is<Ref<Json>>()(json(1));
// @ts-expect-error a Date is no JSON
json({ a: [new Date()] });
interface Tree {
  value: number;
  kids: Tree[];
  parent?: Tree;
}
const tree = task("tree", (t: Tree) => t);
tree({ value: rn, kids: [{ value: 1, kids: [] }, tree({ value: 1, kids: [] })] });
// @ts-expect-error deep
tree({ value: 1, kids: [{ value: rs, kids: [] }] });
type Expr = ["add", Expr, Expr] | ["num", number]; // a tuple type that contains itself
const expr = task("expr", (e: Expr) => e);
expr(["add", ["num", rn], expr(["num", 1])]);
// @ts-expect-error a string where the number stands
expr(["add", ["num", rs], ["num", 1]]);
const segment = task("segment", (s: [from: [x: number, y: number], to: readonly [x: number, y: number]]) => s);
declare const here: [number, number];
segment([[rn, 1], here]);
segment([here, [1, rn]]);
// @ts-expect-error the same in a readonly tuple
segment([here, [1, rs]]);
type Endless = [number, ...Endless[]];
const endless = task("endless", (e: Endless) => e);
// @ts-expect-error a limit: a tuple that contains itself through a rest element is TS2589; write it as an interface
endless([1, [1]]);
interface Endless2 extends Array<number | Endless2> {}
const endless2 = task("endless2", (e: Endless2) => e);
endless2([1, [rn]]);

// classes, built-ins, functions, brands, any, unknown
class Secret {
  readonly name: string;
  #v = 1;
  constructor(name: string) {
    this.name = name;
  }
  read() {
    return this.#v;
  }
}
class Vec {
  x = 1;
  y = 2;
  len() {
    return this.x + this.y;
  }
}
abstract class Guarded {
  x = 1;
  protected secret = 1;
}
declare const rsecret: Ref<Secret>;
const secret = task("secret", (s: Secret) => s.name);
secret(new Secret("x"));
secret(rsecret);
// @ts-expect-error private members: a look-alike is refused
secret({ name: "x", read: () => 1 });
const guarded = task("guarded", (s: Guarded) => s.x);
// @ts-expect-error protected members too
guarded({ x: 1 });
const vec = task("vec", (s: Vec) => s.x);
vec(new Vec());
// @ts-expect-error methods are missing
vec({ x: rn, y: 1 });
const builtins = task("builtins", (_d: Date, _m: Map<string, number>, _b: Buffer, _s: ReadonlySet<number>) => 1);
builtins(constant(new Date()), new Map(), Buffer.from(""), new Set([1]));
// @ts-expect-error nothing is looked for inside a Map
builtins(new Date(), new Map([["a", rn]]), Buffer.from(""), new Set([1]));
const more = task("more", (_e: Error, _u: URL, _r: RegExp, _t: Uint8Array) => 1);
more(new Error("x"), new URL("x:"), /x/, new Uint8Array());
// @ts-expect-error a string is no URL
more(new Error("x"), "x:", /x/, new Uint8Array());
const callback = task("callback", (f: (n: number) => string) => f(1));
callback((n) => n.toFixed());
type UserId = string & { readonly __brand: "UserId" };
declare const uid: UserId;
declare const ruid: Ref<UserId>;
const branded = task("branded", (u: UserId) => u);
branded(uid);
branded(ruid);
// @ts-expect-error the brand holds
branded(rs);
const loose = task("loose", (_a: any, _u: unknown) => 1);
loose(rn, rs);
loose({ a: rn }, [rs]);
loose(undefined, undefined);
declare const anyRef: Ref<any>;
sum(anyRef);
const weak = task("weak", (o: { limit?: number }) => o);
weak({ limit: rn });
weak({});
// @ts-expect-error a ref is no bag of optional properties
weak(rs);
const record = task("record", (r: Record<string, number>) => r);
record({ a: rn, b: 2 });
record(constant<Record<string, number>>({}));
// @ts-expect-error nor a record
record(rs);
const holeObject = task("hole", (o: object) => o);
holeObject(rs); // a hole: `object` and `{}` take any ref

// generic and overloaded functions
const first = <T>(xs: T[]): T | undefined => xs[0];
const firstTask = task("first", first);
is<Ref<unknown>>()(firstTask(rns)); // the type parameter is lost in calls, kept in .fn
is<number | undefined>()(firstTask.fn([1]));
const firstNumber = task("first-number", first<number>); // way 1: fix the type
is<Ref<number | undefined>>()(firstNumber(rns));
const firstOf = <T>(xs: Refable<T[]>) => firstTask(xs) as Ref<T>; // way 2: a typed wrapper
is<Ref<number>>()(firstOf(rns));
is<Ref<number>>()(firstOf(add.map(rns, rns)));
is<Ref<number>>()(firstOf([1, 2]));
function over(x: number): number;
function over(x: string): string;
function over(x: any): any {
  return x;
}
const overTask = task("over", over);
overTask("a");
is<number>()(overTask.fn(1));
// @ts-expect-error only the last overload is seen
overTask(1);
// generic helpers take Refable<T>, not T
function twice<T>(x: Refable<T>, y: Ref<T>, t: Task<(x: T) => T>) {
  t(x);
  t(y);
  t.map([x, y]);
}
twice(
  1,
  rn,
  task("inc", (x: number) => x + 1),
);
export const listOf: AnyTask[] = [
  sum,
  conf,
  json,
  task("any", (x: any) => x),
  task("none", () => {}),
  firstTask,
  overTask,
];

// a ref is not its value
// @ts-expect-error no property of the value
rs.length;
// @ts-expect-error no arithmetic
rn + 1;
// @ts-expect-error no comparison
rn === 3;
// @ts-expect-error no order
rn > 3;
// @ts-expect-error no iteration
for (const _x of rns) {
}
// @ts-expect-error no index
rns[0];
// @ts-expect-error await gives the ref itself, so its use is caught
(await rn).toFixed();
if (rn) {
  const silent = `${rn}`;
  const spread = { ...rn, silent };
  is<string>()(spread.silent);
} // holes: no type can refuse these
