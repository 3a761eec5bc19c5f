/** What the case files share. An unused `@ts-expect-error` is an error: the negative cases are tested too. */
import type { Mapped, Pool, Ref } from "@millrace/core";
import { task } from "@millrace/core";

export type Equal<A, B> = (<X>() => X extends A ? 1 : 2) extends <X>() => X extends B ? 1 : 2 ? true : false;
/** `is<Expected>()(value)` compiles if the types are the same. */
export function is<A>() {
  return <B>(_value: B, ..._proof: Equal<A, B> extends true ? [] : [expected: A, got: B]): void => {};
}

export declare const pool: Pool;
export declare const rn: Ref<number>;
export declare const rs: Ref<string>;
export declare const rb: Ref<boolean>;
export declare const rns: Ref<number[]>;
export declare const rss: Ref<string[]>;
export declare const rnn: Ref<number[][]>;
export declare const mn: Mapped<number>;
export declare const readonlyRef: Ref<readonly number[]>;

export const fetchPage = task("fetch-page", { retries: 3, retryDelay: "2s" }, async (url: string) =>
  (await fetch(url)).text(),
);
export const countWords = task("count-words", (text: string) => text.split(/\s+/).length);
export const sum = task("sum", (xs: number[]) => xs.reduce((a, b) => a + b, 0));
export const add = task("add", (a: number, b: number, c = 0) => a + b + c);
export const conf = task("conf", (c: { url: string; limit?: number; deep: { list: readonly number[] } }) => c.url);
export const pair = task("pair", { nout: 2 }, (x: number): [n: number, s: string] => [x, "a"]);
export const plainPair = task("plain-pair", (x: number): [number, string] => [x, "a"]);

declare const any: any;
// @ts-expect-error the test itself is tested
is<string>()(Math.random());
// @ts-expect-error `any` is nothing but `any`
is<number>()(any);
