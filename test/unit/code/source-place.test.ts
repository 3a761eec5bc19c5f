import { placeOfStack, shownPlace } from "@millrace/code";
import { describe, expect, it } from "vitest";

const place = (frame: string): unknown => placeOfStack(`Error: no\n    at ${frame}`, ["/host/dist"]);
const found = { file: "/a b/flow.ts", line: 3, column: 5 };

describe("placeOfStack", () => {
  it.each([
    "/a b/flow.ts:3:5",
    "file:///a%20b/flow.ts:3:5",
    "async file:///a%20b/flow.ts:3:5",
    "count (/a b/flow.ts:3:5)",
    "async Promise.all (file:///a%20b/flow.ts:3:5)",
    "new Count (file:///a%20b/flow.ts:3:5)",
    "Object.<anonymous> (/a b/flow.ts:3:5)",
  ])("reads %s", (frame) => {
    expect(place(frame)).toEqual(found);
  });

  it.each([
    "node:internal/modules/run_main:3:5",
    "run (node:internal/modules/run_main:3:5)",
    "count (/a/node_modules/pkg/index.js:3:5)",
    "count (/host/dist/index.js:3:5)",
    "new Promise (<anonymous>)",
    "count (file:///a%2Fb.ts:3:5)",
    "count (file://elsewhere/b.ts:3:5)",
    "eval (eval at <anonymous> (<anonymous>:1:1), <anonymous>:3:5)",
  ])("passes over %s", (frame) => {
    expect(place(frame)).toBeUndefined();
  });

  it("takes the first frame of the user's, and no line of the message", () => {
    const stack =
      "Error: failed\n(/message.ts:1:1)\n    at run (/host/dist/index.js:1:2)\n    at a (/b.ts:7:8)\n    at /c.ts:1:1";
    expect(placeOfStack(stack, ["/host/dist"])).toEqual({ file: "/b.ts", line: 7, column: 8 });
  });

  it("finds nothing where there is no stack", () => {
    expect(placeOfStack(undefined)).toBeUndefined();
  });
});

it("shownPlace is short for files near the current folder", () => {
  expect(shownPlace({ file: `${process.cwd()}/a/b.ts`, line: 1, column: 2 })).toBe("a/b.ts:1:2");
  expect(shownPlace({ file: "/x/y/z/b.ts", line: 1, column: 2 })).toBe("/x/y/z/b.ts:1:2");
});
