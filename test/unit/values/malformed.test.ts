// Bytes that are cut short, changed, of another version, or that claim more than is there (reliability P4, P6).
import { BadValue, type BadValueCode, transfer, ValueTooLarge } from "@millrace/core";
import {
  DEFAULT_CAPS,
  decodeValue,
  elementOf,
  type EncodedValue,
  encodeInParts,
  encodeValue,
  rangeOf,
} from "@millrace/core/internal";
import { expect, test } from "vitest";
import { SeededRandom } from "@millrace/testing/seam";
import { makeValue, valueTable } from "../../support/value-table.js";

const encodedOf = (...bytes: readonly number[]): EncodedValue => ({ bytes: new Uint8Array(bytes), beside: [] });

function codeOf(run: () => unknown): BadValueCode | "VALUE_TOO_LARGE" {
  try {
    run();
  } catch (error) {
    if (error instanceof BadValue) return error.code;
    if (error instanceof ValueTooLarge) return "VALUE_TOO_LARGE";
    throw error;
  }
  return expect.fail("it was decoded");
}

const varint = (value: number): readonly number[] =>
  value < 0x80 ? [value] : [(value % 128) + 128, ...varint(Math.floor(value / 128))];

test("another version of the format is named, and both versions", () => {
  const { bytes } = encodeValue([1]);
  bytes[0] = 0xd2;
  expect(codeOf(() => decodeValue({ bytes, beside: [] }))).toBe("VALUE_OTHER_VERSION");
  expect(() => decodeValue({ bytes, beside: [] })).toThrow("of format version 2, and this side reads 1");
});

test.each<[string, EncodedValue]>([
  ["nothing", encodedOf()],
  ["something else", encodedOf(1, 2, 3)],
  ["a head alone", encodedOf(0xd1, 0)],
  ["unknown flags", encodedOf(0xd1, 64, 0x80)],
  ["a foot that is missing", encodedOf(0xd1, 1, 0x80)],
  ["a foot that points elsewhere", encodedOf(0xd1, 1, 0x80, 255, 0, 0, 0, 255, 0, 0, 0)],
  ["a value and more behind it", encodedOf(0xd1, 0, 1, 2)],
  ["an unknown tag", encodedOf(0xd1, 0, 0xff)],
  ["a list that says it has 2 ** 40 elements", encodedOf(0xd1, 0, 0x94, ...varint(2 ** 40))],
  ["a sparse list that says so", encodedOf(0xd1, 0, 0x95, ...varint(2 ** 40), 0)],
  ["an element behind the end", encodedOf(0xd1, 0, 0x95, 2, 1, 9, 1)],
  ["a text of 2 ** 30 characters", encodedOf(0xd1, 0, 0x89, ...varint(2 ** 30))],
  ["packed numbers that are not there", encodedOf(0xd1, 0, 0xa2, ...varint(2 ** 28))],
  ["a shape that is not there", encodedOf(0xd1, 0, 0x90, 5)],
  ["a shape with a key twice", encodedOf(0xd1, 0, 0x90, 0, 4, 2, 2, 97, 2, 97, 1, 1)],
  ["a shape that says more keys than it has", encodedOf(0xd1, 0, 0x90, 0, 2, 9, 2, 97)],
  ["a reference to what is not there", encodedOf(0xd1, 0, 0x8b, 3)],
  ["an object inside itself that is not made yet", encodedOf(0xd1, 0, 0xa7, 0x8b, 0)],
  ["an error of no kind", encodedOf(0xd1, 0, 0x98, 99, 0)],
  ["a short text without texts", encodedOf(0xd1, 0, 0x88, 5)],
  ["a view without buffers", encodedOf(0xd1, 0, 0xa9, 3)],
  ["a number that never ends", encodedOf(0xd1, 0, 0x94, ...Array.from({ length: 20 }, () => 0xff))],
  ["packed numbers in parts, cut short", encodedOf(0xd1, 4, 0xa2, 9, 0, 0, 0, 1)],
  ["a list in parts, cut short", encodedOf(0xd1, 2, 9, 0, 0, 0, 1)],
])("it is refused: %s", (_, encoded) => {
  expect(codeOf(() => decodeValue(encoded))).toBe("VALUE_MALFORMED");
});

test("a value that is cut short anywhere is refused, or is a shorter one", () => {
  const { bytes } = encodeValue({ a: [1, "two", new Map([[3, "four"]])], b: new Uint8Array(9) });
  for (let end = 0; end < bytes.length; end++) {
    expect(codeOf(() => decodeValue({ bytes: bytes.slice(0, end), beside: [] }))).toBe("VALUE_MALFORMED");
  }
});

test("a buffer that is missing beside, or is one too many, is noticed", () => {
  const { bytes, beside } = encodeValue([new Uint8Array(100_000)]);
  expect(beside).toHaveLength(1);
  expect(codeOf(() => decodeValue({ bytes, beside: [] }))).toBe("VALUE_MALFORMED");
  expect(codeOf(() => decodeValue({ bytes, beside: [...beside, new ArrayBuffer(1)] }))).toBe("VALUE_MALFORMED");
  expect(codeOf(() => decodeValue({ bytes, beside: [new ArrayBuffer(10)] }))).toBe("VALUE_MALFORMED");
});

test("indices that a list in parts does not have are refused", () => {
  for (const list of [encodeInParts([1, 2, 3, 4]), encodeInParts(["a", {}])]) {
    expect(codeOf(() => elementOf(list, 9))).toBe("VALUE_MALFORMED");
    expect(codeOf(() => elementOf(list, -1))).toBe("VALUE_MALFORMED");
    expect(codeOf(() => elementOf(list, 0.5))).toBe("VALUE_MALFORMED");
    expect(codeOf(() => rangeOf(list, 1, 9))).toBe("VALUE_MALFORMED");
    expect(codeOf(() => rangeOf(list, 2, 1))).toBe("VALUE_MALFORMED");
  }
  expect(codeOf(() => elementOf(encodeValue([1, 2]), 0))).toBe("VALUE_MALFORMED");
});

const caps = { ...DEFAULT_CAPS, maxBytes: 10_000, maxNodes: 1_000, maxDepth: 300 };
const nested = (depth: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < depth; i++) value = [value];
  return value;
};

test.each<[string, unknown]>([
  ["maxBytes", "x".repeat(20_000)],
  ["maxBytes", Array.from({ length: 900 }, () => "y".repeat(60))],
  ["maxBytes", new Uint8Array(50_000)],
  ["maxNodes", Array.from({ length: 1_001 }, () => 1)],
  ["maxNodes", Array.from({ length: 400 }, () => [[[]]])],
  ["maxNodes", new Set(Array.from({ length: 1_001 }, (_, i) => i))],
  ["maxDepth", nested(450)],
])("a value over %s is refused before it is sent, and before it is made", (cap, value) => {
  expect(() => encodeValue(value, { caps })).toThrow(cap);
  const encoded = encodeValue(value);
  if (cap !== "maxBytes" || encoded.beside.length === 0)
    expect(codeOf(() => decodeValue(encoded, { caps }))).toBe("VALUE_TOO_LARGE");
});

test("what is given up is still there when its value was too large or could not travel", () => {
  const pixels = transfer(new Uint8Array(50_000));
  expect(() => encodeValue([pixels], { caps })).toThrow(ValueTooLarge);
  expect(() => encodeValue([pixels, () => 1])).toThrow("[1] is a function");
  expect(() => encodeInParts([pixels, () => 1])).toThrow("[1] is a function");
  expect(pixels.byteLength).toBe(50_000);
});

test("16 MiB of empty maps stop at the cap, and no memory is taken for what is only said", () => {
  const bombs: EncodedValue[] = [];
  const maps = new Uint8Array(16 * 2 ** 20).fill(0);
  maps.set([0xd1, 0, 0x94, ...varint(8_388_600)]);
  for (let at = 8; at + 1 < maps.length; at += 2) maps[at] = 0x96;
  bombs.push({ bytes: maps, beside: [] });
  bombs.push(encodedOf(0xd1, 0, 0x94, 0x95, ...varint(2 ** 32 - 1), 0));
  const before = process.memoryUsage().heapUsed;
  for (const bomb of bombs) codeOf(() => decodeValue(bomb, { caps: { ...DEFAULT_CAPS, maxNodes: 100_000 } }));
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(100_000_000);
});

test("depth that is only said in bytes overflows no stack", () => {
  for (const tag of [0x94, 0x96, 0x97, 0xa7]) {
    const bytes = new Uint8Array(3_000_000).fill(1);
    for (let at = 2; at < bytes.length; at += 2) bytes[at] = tag;
    bytes.set([0xd1, 0]);
    expect(codeOf(() => decodeValue({ bytes, beside: [] }))).toBe("VALUE_MALFORMED");
  }
});

const MUTATIONS = 60_000;

/** One byte or more changed, cut, doubled or put in. */
function mutate(bytes: Uint8Array<ArrayBuffer>, random: () => number): Uint8Array<ArrayBuffer> {
  const below = (count: number): number => Math.floor(random() * count);
  const changed = bytes.slice();
  const at = below(bytes.length);
  switch (below(5)) {
    case 0:
      changed[at] = (changed[at] ?? 0) ^ (1 << below(8));
      return changed;
    case 1:
      return changed.slice(0, at);
    case 2:
      for (let i = 0; i < 1 + below(4); i++) changed[below(bytes.length)] = below(256);
      return changed;
    case 3: {
      const longer = new Uint8Array(bytes.length + 1);
      longer.set(bytes.subarray(0, at));
      longer[at] = 0x80 + below(0x30);
      longer.set(bytes.subarray(at), at + 1);
      return longer;
    }
    default:
      changed.copyWithin(at, below(bytes.length), below(bytes.length));
      return changed;
  }
}

test(`${MUTATIONS} changed encodings give a value or a refusal, and change nothing else`, () => {
  const seeded = new SeededRandom(20_261_126);
  const random = (): number => seeded.next();
  const prototypes = [Object, Array, Map, Set, Error, RegExp, Date, String].map((type) => type.prototype as object);
  const keysOf = (): string => JSON.stringify(prototypes.map((prototype) => Reflect.ownKeys(prototype).map(String)));
  const before = keysOf();
  const encoded = valueTable.flatMap(({ rows }) =>
    rows.flatMap(([code, expected]) => {
      if (expected !== "same") return [];
      const values = [encodeValue(makeValue(code)), encodeInParts([makeValue(code), 1])];
      return values.filter(({ bytes }) => bytes.length < 5_000);
    }),
  );
  const small = { ...DEFAULT_CAPS, maxNodes: 100_000 };
  let refused = 0;
  for (let i = 0; i < MUTATIONS; i++) {
    const one = encoded[i % encoded.length];
    if (one === undefined) return expect.fail("there are no encodings");
    try {
      decodeValue({ bytes: mutate(one.bytes, random), beside: one.beside }, { caps: small });
    } catch (error) {
      if (!(error instanceof BadValue) && !(error instanceof ValueTooLarge)) throw error;
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(MUTATIONS / 3);
  expect(keysOf()).toBe(before);
  expect(Reflect.get({}, "polluted")).toBeUndefined();
}, 60_000);
