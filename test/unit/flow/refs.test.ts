import { inspect } from "node:util";
import { type Ref, flow, param, settled, task, unpack } from "@millrace/core";
import { describe, expect, test } from "vitest";
import { buildError, graphOf } from "./built.js";

const page = task("fetch-page", () => "text");

/** The error of `use` on a ref, or what it gave. */
function usedAs(use: (ref: Ref<string>) => unknown): string {
  let seen: unknown;
  graphOf(() => {
    const ref = page();
    try {
      seen = use(ref);
    } catch (error) {
      seen = error;
    }
  });
  return seen instanceof Error && "code" in seen ? `${String(seen.code)}: ${seen.message}` : String(seen);
}

describe("a ref that is taken for its value says which task has not run:", () => {
  // oxlint-disable typescript/no-base-to-string, typescript/restrict-template-expressions
  test.each([
    ["in a template", (ref: Ref<string>) => `${ref as never}`],
    ["with String()", (ref: Ref<string>) => String(ref)],
    ["with +", (ref: Ref<string>) => (ref as never as string) + "x"],
    ["in a comparison", (ref: Ref<string>) => (ref as never as number) > 3],
    ["with JSON.stringify", (ref: Ref<string>) => JSON.stringify({ ref })],
    ["with its own toString", (ref: Ref<string>) => (ref as never as { toString(): string }).toString()],
    ["with join", (ref: Ref<string>) => [ref].join()],
  ])("%s", (_what, use) => {
    expect(usedAs(use)).toMatch(/^REF_IS_NO_VALUE: fetch-page has not run yet: .*Pass the ref to a task/);
  });
  // oxlint-enable typescript/no-base-to-string, typescript/restrict-template-expressions
});

test("a parameter's ref names the parameter", () => {
  const shown = flow("shown", { params: { url: param<string>() } }, (p) => [page(), JSON.stringify(p.url)]);
  expect(buildError(shown)).toMatch(/^REF_IS_NO_VALUE: the parameter "url" has not run yet/);
});

test("a ref has no string members, is no thenable and is not iterable", () => {
  graphOf(() => {
    const ref = page();
    expect(Object.keys(ref)).toEqual([]);
    expect("then" in ref).toBe(false);
    expect(Symbol.iterator in ref).toBe(false);
    expect({ ...ref }).not.toHaveProperty("name");
  });
});

test("a ref can be printed", () => {
  expect(usedAs((ref) => inspect(ref))).toBe("Ref (fetch-page)");
  expect(usedAs((ref) => inspect([settled(ref)]))).toBe("[ Ref (fetch-page) ]");
});

test("each position of unpack is a ref of its own", () => {
  const pair = task("pair", (): [number, string] => [1, "a"]);
  graphOf(() => {
    const [a, b] = unpack(pair(), 2);
    expect(a).not.toBe(b);
    expect(inspect(b)).toMatch(/^Ref \(the pick/);
  });
});
