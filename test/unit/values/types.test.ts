// Registered classes, memory that is given up, and lists in parts.
import { registerType, transfer } from "@millrace/core";
import { decodeValue, elementOf, encodeInParts, encodeValue, lengthOfParts, rangeOf } from "@millrace/core/internal";
import { describe, expect, test } from "vitest";

const back = (value: unknown): unknown => decodeValue(encodeValue(value));

describe("registerType", () => {
  const codec = { encode: () => 1, decode: () => ({}) };

  test("the same class a second time is an error that says where to register it", () => {
    class Once {}
    registerType(Once, { ...codec, name: "types-test-once" });
    expect(() => registerType(Once, { ...codec, name: "types-test-other" })).toThrow(
      "the class Once was registered before: register it once, where it is defined",
    );
  });

  test("a name that another class has is an error that says how to give one", () => {
    class First {}
    class Second {}
    registerType(First, { ...codec, name: "types-test-name" });
    expect(() => registerType(Second, { ...codec, name: "types-test-name" })).toThrow(
      "give one of them a name of its own: { name }",
    );
    expect(() => registerType(Second, { ...codec, name: "types-test-second" })).not.toThrow();
  });

  test.each<[string, unknown, unknown]>([
    ["no class", {}, codec],
    ["an arrow", () => 1, codec],
    ["no codec", class A {}, undefined],
    ["no decode", class A {}, { encode: () => 1 }],
    ["no name", class {}, { ...codec, name: "" }],
    ["a version of 0", class A {}, { ...codec, version: 0 }],
    ["a version of 1.5", class A {}, { ...codec, version: 1.5 }],
  ])("refused: %s", (_, type, given) => {
    expect(() => Reflect.apply(registerType, undefined, [type, given])).toThrow(
      expect.objectContaining({ code: "INVALID_TYPE" }),
    );
  });

  test("decode is told the version of the side that encoded; one that is later than its own is refused", () => {
    class Versioned {}
    const versions: number[] = [];
    const options = { name: "types-test-versioned", version: 2 };
    registerType(Versioned, {
      ...options,
      encode: () => 1,
      decode: (_, version) => (versions.push(version), new Versioned()),
    });
    const encoded = encodeValue(new Versioned());
    const at = encoded.bytes.lastIndexOf(2, encoded.bytes.indexOf(0xaa) + 4);
    decodeValue(encoded);
    encoded.bytes[at] = 1;
    decodeValue(encoded);
    expect(versions).toEqual([2, 1]);
    encoded.bytes[at] = 3;
    expect(() => decodeValue(encoded)).toThrow("was encoded as version 3, but here is version 2: update this side");
  });

  test("a class that this side does not know is named", () => {
    class Here {}
    registerType(Here, { ...codec, name: "types-test-here" });
    const encoded = encodeValue(new Here());
    const at = Buffer.from(encoded.bytes).indexOf("types-test-here");
    encoded.bytes[at] = "T".charCodeAt(0);
    expect(() => decodeValue(encoded)).toThrow('no class is registered as "Types-test-here" here');
  });

  test("a decode that throws is named, with what it threw as cause", () => {
    class Bad {}
    const reason = new RangeError("never");
    const decode = (): Bad => {
      throw reason;
    };
    registerType(Bad, { name: "types-test-bad", encode: () => 1, decode });
    expect(() => back(new Bad())).toThrow(expect.objectContaining({ code: "TYPE_DECODE_FAILED", cause: reason }));
  });

  test("encode and decode may use the codec themselves", () => {
    class Sealed {
      readonly inner: unknown;
      constructor(inner: unknown) {
        this.inner = inner;
      }
    }
    registerType(Sealed, {
      name: "types-test-sealed",
      encode: ({ inner }) => encodeValue(inner).bytes,
      decode: (bytes) => new Sealed(decodeValue({ bytes: new Uint8Array(bytes), beside: [] })),
    });
    const value = [new Sealed({ a: ["x".repeat(10)] }), { b: new Sealed(new Sealed("short")) }];
    expect(back(value)).toEqual(value);
  });

  test("a subclass is a class of its own", () => {
    class Base {}
    class Derived extends Base {}
    registerType(Base, { name: "types-test-base", encode: () => 1, decode: () => new Base() });
    expect(() => encodeValue([new Derived()])).toThrow("[0] is an instance of Derived");
  });
});

describe("transfer", () => {
  test("the memory moves: it is gone here, with all its views, and is the same memory there", () => {
    const buffer = new ArrayBuffer(16);
    const [bytes, floats] = [new Uint8Array(buffer), new Float64Array(buffer)];
    bytes[3] = 9;
    const encoded = encodeValue({ bytes: transfer(bytes) });
    expect([buffer.byteLength, bytes.byteLength, floats.byteLength]).toEqual([0, 0, 0]);
    const value = decodeValue(encoded, { takes: true });
    expect(value).toEqual({ bytes: new Uint8Array([0, 0, 0, 9, ...Array.from({ length: 12 }, () => 0)]) });
    expect(Reflect.get(Object(value), "bytes").buffer).toBe(encoded.beside[0]);
  });

  test("what is not given up stays, whatever becomes of what arrived", () => {
    const pixels = new Uint8Array(100_000);
    const arrived: unknown = decodeValue(encodeValue(pixels), { takes: true });
    if (arrived instanceof Uint8Array) arrived[0] = 1;
    expect([pixels.byteLength, pixels[0]]).toEqual([100_000, 0]);
  });

  test("decoded without taking, an encoded value can be decoded again", () => {
    const encoded = encodeValue(new Uint8Array(100_000));
    const first: unknown = decodeValue(encoded);
    if (first instanceof Uint8Array) first[0] = 1;
    expect(decodeValue(encoded)).toEqual(new Uint8Array(100_000));
  });

  test.each<[string, unknown]>([
    ["shared memory", new SharedArrayBuffer(8)],
    ["a view of it", new Uint8Array(new SharedArrayBuffer(8))],
    ["an object", {}],
    ["nothing", undefined],
  ])("refused: %s", (_, value) => {
    expect(() => Reflect.apply(transfer, undefined, [value])).toThrow(
      expect.objectContaining({ code: "NOT_TRANSFERABLE" }),
    );
  });

  test("bytes of others in the same memory do not travel", () => {
    const pool = new Uint8Array(64).fill(0x5a);
    const { bytes } = encodeValue([
      new Uint8Array(pool.buffer, 3, 5).fill(1),
      new Float64Array(pool.buffer, 8, 1),
      new Uint16Array(pool.buffer, 6, 2),
    ]);
    expect([...bytes].filter((byte) => byte === 0x5a).length).toBeLessThanOrEqual(8);
    expect(decodeValue({ bytes, beside: [] })).toMatchObject([new Uint8Array(5).fill(1), { length: 1 }, { length: 2 }]);
  });

  test("views that overlap share memory on the other side, others do not", () => {
    const buffer = new ArrayBuffer(32);
    const value = decodeValue(
      encodeValue([new Uint8Array(buffer, 0, 8), new Uint8Array(buffer, 4, 8), new Uint8Array(buffer, 20, 4)]),
    );
    if (!Array.isArray(value)) return expect.fail("it is no list");
    const [a, b, c]: Uint8Array[] = value;
    if (a !== undefined) a[5] = 7;
    expect(b?.[1]).toBe(7);
    expect([b?.buffer === a?.buffer, c?.buffer === a?.buffer]).toEqual([true, false]);
  });
});

describe("a list in parts", () => {
  test("an element and a range are values of their own", () => {
    const list = encodeInParts([{ a: 1 }, "two", new Map([[3, 4]]), new Uint8Array(40_000)]);
    expect(lengthOfParts(list)).toBe(4);
    expect(decodeValue(elementOf(list, 2))).toEqual(new Map([[3, 4]]));
    expect(decodeValue(rangeOf(list, 1, 4))).toEqual(["two", new Map([[3, 4]]), new Uint8Array(40_000)]);
    expect(decodeValue(rangeOf(rangeOf(list, 1, 4), 2, 3))).toEqual([new Uint8Array(40_000)]);
    expect(elementOf(list, 3).beside).toHaveLength(1);
    expect(elementOf(list, 0).beside).toHaveLength(0);
    expect(decodeValue(rangeOf(list, 2, 2))).toEqual([]);
  });

  test("numbers take no offsets: an element is as wide as the widest needs", () => {
    const numbers = Array.from({ length: 1_000 }, (_, i) => i - 500);
    const list = encodeInParts(numbers);
    expect(list.bytes.length).toBeLessThan(4_100);
    expect(decodeValue(elementOf(list, 3))).toBe(-497);
    expect(decodeValue(rangeOf(list, 10, 20))).toEqual(numbers.slice(10, 20));
  });

  test.each<[string, () => unknown]>([
    [
      "elements that share an object",
      () => {
        const a = {};
        return [a, [a]];
      },
    ],
    [
      "an element that refers to the list",
      () => {
        const list: unknown[] = [1, 2];
        list.push({ list });
        return list;
      },
    ],
    [
      "elements that share memory",
      () => {
        const b = new ArrayBuffer(8);
        return [new Uint8Array(b), new Uint8Array(b, 2)];
      },
    ],
    [
      "holes",
      () => {
        const list: unknown[] = [];
        list[1] = {};
        return list;
      },
    ],
    ["a property", () => Object.assign([{}, 1], { extra: 1 })],
    ["no list", () => ({ a: 1 })],
  ])("is a whole where it could not be the same in parts: %s", (_, make) => {
    const encoded = encodeInParts(make());
    expect(lengthOfParts(encoded)).toBeUndefined();
    expect(decodeValue(encoded)).toEqual(make());
  });

  test("shared memory may stand in two elements", () => {
    const memory = new SharedArrayBuffer(4);
    const list = encodeInParts([memory, new Uint8Array(memory)], { shares: true });
    expect(lengthOfParts(list)).toBe(2);
    expect(decodeValue(elementOf(list, 0))).toBe(memory);
  });
});
