// The comparison that the tests of the codec lean on: it tells apart whatever differs.
import { expect, test } from "vitest";
import { difference } from "../../support/same-value.js";

const shared = { a: 1 };
const loop = (): object => {
  const a: Record<string, unknown> = {};
  a["self"] = a;
  return a;
};
const hole: unknown[] = [];
hole[1] = 2;
const withExtra = Object.assign([1], { extra: 1 });
const error = (fields: object): Error => Object.assign(Object.create(Error.prototype), fields);
const at = (lastIndex: number): RegExp => Object.assign(/x/g, { lastIndex });

test.each<[string, unknown, unknown]>([
  ["numbers", 1, 2],
  ["signs of zero", 0, -0],
  ["kinds of primitives", 1, 1n],
  ["null and undefined", null, undefined],
  ["an absent key", {}, { a: undefined }],
  ["the order of keys", { a: 1, b: 2 }, { b: 2, a: 1 }],
  ["prototypes", {}, Object.create(null)],
  ["holes", hole, [undefined, 2]],
  ["properties of arrays", withExtra, [1]],
  ["lengths", [1], [1, undefined]],
  ["shared and equal", [shared, shared], [{ a: 1 }, { a: 1 }]],
  ["equal and shared", [{ a: 1 }, { a: 1 }], [shared, shared]],
  ["cycles", loop(), { self: loop() }],
  [
    "the order of entries",
    new Map([
      [1, 1],
      [2, 2],
    ]),
    new Map([
      [2, 2],
      [1, 1],
    ]),
  ],
  ["members", new Set([1]), new Set([2])],
  ["views", new Uint8Array([1]), new Int8Array([1])],
  ["elements", new Float32Array([1]), new Float32Array([2])],
  ["buffers", new ArrayBuffer(1), new ArrayBuffer(2)],
  ["times", new Date(0), new Date(Number.NaN)],
  ["the flags", /x/g, /x/],
  ["the last index", at(1), at(0)],
  ["URLs", new URL("http://a/"), new URL("http://b/")],
  ["boxed", Object(1), Object(2)],
  ["kinds of errors", new TypeError("x"), new RangeError("x")],
  ["messages", error({ message: "a" }), error({ message: "b" })],
  ["fields of errors", error({ code: 1 }), error({ code: 2 })],
  ["what is enumerable", error({ name: "x" }), Object.defineProperty(error({}), "name", { value: "x" })],
])("it tells apart: %s", (_, a, b) => {
  expect(difference(a, b)).toBeDefined();
  expect(difference(b, a)).toBeDefined();
  expect(difference(a, a)).toBeUndefined();
});

test("memory that is shared is told from a copy", () => {
  const memory = new SharedArrayBuffer(8);
  expect(difference(memory, new SharedArrayBuffer(8), { sharesMemory: true })).toContain("not shared");
  expect(difference(memory, memory, { sharesMemory: true })).toBeUndefined();
});

test("depth is no matter", () => {
  const deep = (end: unknown): unknown => {
    let value = end;
    for (let i = 0; i < 100_000; i++) value = { value };
    return value;
  };
  expect(difference(deep(1), deep(1))).toBeUndefined();
  expect(difference(deep(1), deep(2))).toBeDefined();
});
