// Owns: what each kind of recorded task does with its inputs, one function a kind, and `total`.
// Does not own: how inputs come (`arrivals`), the tasks made of these (`kinds`).
import { context, fail, loop, skip } from "@millrace/core";
import { throwNamed } from "./errors.js";
import type { Json } from "./format.js";

/** `s` is total([a, b, c]), `v` the step's value. */
export type Inputs = { readonly a: unknown; readonly b: unknown; readonly s: number; readonly v: Json | undefined };
type Body = (inputs: Inputs) => unknown;

/** The sum of the numbers in lists and records, however deep; all else counts nothing. */
export function total(value: unknown): number {
  if (typeof value === "number") return value;
  if (typeof value !== "object" || value === null) return 0;
  return Object.values(value).reduce<number>((sum, item) => sum + total(item), 0);
}

const throws = (): never => throwNamed("ValueError");
const count = (): number => context().runCount;
const looped = (): number => context().loopValue(0);
const upTo = (n: number): readonly number[] => Array.from({ length: Math.max(0, n) }, (_, i) => i);

function numberOf(v: Json | undefined): number {
  return typeof v === "number" ? v : 0;
}

function textOf(v: Json | undefined): string {
  return typeof v === "string" ? v : JSON.stringify(v);
}

function listOf(v: Json | undefined): readonly Json[] {
  return Array.isArray(v) ? v : [];
}

/** Never negative, as in Python. */
function modulo(s: number, n: number): number {
  if (n === 0) return throws();
  return ((s % n) + n) % n;
}

/** The element of a list that a sum chooses. */
function chosen(v: Json | undefined, s: number): Json | undefined {
  const list = listOf(v);
  return list[modulo(s, list.length)];
}

function loopWhile(again: boolean, result: number): number {
  return again ? loop(looped() + 1) : result;
}

function nested(n: Json): Json {
  return numberOf(n) < 0 ? -numberOf(n) : upTo(numberOf(n));
}

function split(s: number): Json {
  switch (modulo(s, 6)) {
    case 0:
      return [];
    case 1:
      return [s];
    case 2:
      return [s, s + 1];
    case 3:
      return s;
    case 4:
      return skip();
    default:
      return throws();
  }
}

function loopFlaky(v: number): number {
  const n = looped();
  if (n % 2 === 1 && count() === 1) return throws();
  return loopWhile(n < v, n);
}

function flakyError(v: Json | undefined): number {
  const [times, name] = listOf(v);
  return count() <= numberOf(times) ? throwNamed(textOf(name)) : count();
}

/** Actions of `signal_by` that the API can say. */
const actions: ReadonlyMap<string, (s: number) => unknown> = new Map<string, (s: number) => unknown>([
  ["ok", (s) => s],
  ["error", () => throws()],
  ["skip", () => skip()],
  ["fail", () => fail("as recorded")],
  ["success", (s) => s + 100],
  ["loop", (s) => loopWhile(looped() < 2, s + looped())],
]);
export const knowsAction = (name: string): boolean => actions.has(name);

function signalBy({ s, v }: Inputs): unknown {
  const name = textOf(chosen(v, s));
  const action = actions.get(name);
  if (action === undefined) throw new RangeError(`signal_by has no action ${name}`);
  return action(s);
}

export const bodies: Readonly<Record<string, Body>> = {
  const: ({ v }) => v ?? null,
  sum: ({ s, v }) => s + numberOf(v),
  range: ({ v }) => upTo(numberOf(v)),
  fail: () => throws(),
  fail_if_even: ({ s }) => (modulo(s, 2) === 0 ? throws() : s),
  skip_if_odd: ({ s }) => (modulo(s, 2) === 1 ? skip() : s),
  skip: () => skip("as recorded"),
  fail_signal: () => fail("as recorded"),
  success_signal: ({ v }) => v ?? null,
  flaky: ({ v }) => (count() <= numberOf(v) ? throws() : count()),
  loop: ({ v }) => loopWhile(looped() < numberOf(v), looped()),
  echo: ({ a }) => a,
  pair: ({ a, b }) => [a, b],
  length: ({ a }) => (Array.isArray(a) ? a.length : 99),
  mod: ({ s, v }) => modulo(s, numberOf(v)),
  is_even: ({ s }) => modulo(s, 2) === 0,
  word: ({ s, v }) => chosen(v, s),
  repeat: ({ s, v }) => upTo(numberOf(v)).map(() => s),
  nested: ({ v }) => listOf(v).map(nested),
  split: ({ s }) => split(s),
  flaky_by: ({ s, v }) => (count() <= modulo(s, numberOf(v)) ? throws() : 10 * s + count()),
  flaky_error: ({ v }) => flakyError(v),
  flaky_fail: ({ v }) => (count() <= numberOf(v) ? fail("as recorded") : count()),
  loop_by: ({ s, v }) => loopWhile(looped() < modulo(s, numberOf(v)), s + looped()),
  loop_flaky: ({ v }) => loopFlaky(numberOf(v)),
  signal_by: signalBy,
};
