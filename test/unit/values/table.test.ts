// The value table in one process, in every form in which a value is encoded.
import { NotSerialisable } from "@millrace/core";
import {
  decodeValue,
  type EncodedValue,
  elementOf,
  encodeInParts,
  encodeValue,
  rangeOf,
} from "@millrace/core/internal";
import { describe, expect, test } from "vitest";
import { difference } from "../../support/same-value.js";
import { makeValue, type Refused, sharedMemory, valueTable } from "../../support/value-table.js";

function refusalOf(run: () => unknown): NotSerialisable {
  try {
    run();
  } catch (error) {
    if (error instanceof NotSerialisable) return error;
    throw error;
  }
  return expect.fail("it was not refused");
}

function checkSame(code: string): void {
  // What is given up is gone afterwards: it is made once more to compare with. Other errors know where they were made.
  const isMoved = code.includes("transfer(");
  const check = (encode: (value: unknown) => unknown, wrap = (value: unknown): unknown => value): void => {
    const made = makeValue(code);
    const back = encode(made);
    expect(difference(wrap(isMoved ? makeValue(code) : made), back)).toBeUndefined();
  };
  check((value) => decodeValue(encodeValue(value), { takes: true }));
  check((value) => decodeValue(encodeInParts(value)));
  const list = (value: unknown): EncodedValue => encodeInParts([0, value, "x"]);
  check((value) => decodeValue(elementOf(list(value), 1)));
  check(
    (value) => decodeValue(rangeOf(list(value), 1, 3)),
    (value) => [value, "x"],
  );
}

function checkRefused(code: string, [kind, path = ""]: Refused): void {
  const refusal = refusalOf(() => encodeValue(makeValue(code), { name: "result" }));
  expect(refusal.kind).toBe(kind);
  if (path !== "...") expect(refusal.path).toBe(`result${path}`);
  expect(refusal.code).toBe("NOT_SERIALISABLE");
  const inList = refusalOf(() => encodeInParts([1, makeValue(code)], { name: "result" }));
  expect(inList.kind).toBe(kind);
  if (path !== "...") expect(inList.path).toBe(`result[1]${path}`);
}

test("the table has at least 150 values, and none twice", () => {
  const codes = valueTable.flatMap(({ rows }) => rows.map(([code]) => code));
  expect(codes.length).toBeGreaterThanOrEqual(150);
  expect(new Set(codes).size).toBe(codes.length);
});

describe.each(valueTable)("$title", ({ rows }) => {
  test.each(rows)("%s", (code, expected) => {
    if (expected === "same") checkSame(code);
    else checkRefused(code, expected);
  });
});

describe("shared memory", () => {
  test.each(sharedMemory)("is shared where that can be: %s", (code) => {
    const made = makeValue(code);
    expect(difference(made, decodeValue(encodeValue(made, { shares: true })), { sharesMemory: true })).toBeUndefined();
  });
  test.each(sharedMemory)("is refused where it cannot: %s", (code) => {
    expect(refusalOf(() => encodeValue(makeValue(code))).kind).toBe("a SharedArrayBuffer");
  });
});
