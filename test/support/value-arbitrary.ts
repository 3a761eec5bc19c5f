// Owns: arbitrary values of all kinds that travel, for property tests: trees, graphs with shared references and cycles, and
// views of shared memory.

import fc from "fast-check";
import { registeredClasses } from "./registered-classes.js";

const { Money, Wrapped } = registeredClasses;
const key = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.string({ unit: "binary", maxLength: 4 }),
  fc.constantFrom("__proto__", "constructor", "toString", "", "0", "1", "length", "then", "a", "b"),
);
const text = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.string({ unit: "binary", maxLength: 12 }),
  fc.array(fc.nat(0xffff), { maxLength: 6 }).map((codes) => String.fromCharCode(...codes)),
  fc.tuple(fc.nat(140), fc.constantFrom("x", "ÿ", "€", "\ud800")).map(([length, unit]) => unit.repeat(length)),
);
const primitive = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 3, arbitrary: fc.integer() },
  { weight: 2, arbitrary: fc.double() },
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, 0, 127, 128, 65_535, 65_536, 2 ** 31, -(2 ** 31) - 1),
);

type View = {
  readonly BYTES_PER_ELEMENT?: number;
  new (buffer: ArrayBuffer, from: number, length: number): ArrayBufferView;
};
const views: readonly View[] = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  DataView,
];
const memory = fc
  .tuple(
    fc.uint8Array({ minLength: 1, maxLength: 64 }),
    fc.array(fc.tuple(fc.nat(7), fc.nat(64), fc.nat(64)), { minLength: 1, maxLength: 4 }),
    fc.boolean(),
  )
  .map(([bytes, parts, withBuffer]) => {
    const { buffer } = new Uint8Array(bytes);
    const made = parts.map(([kind, from, length]) => {
      const View: View = views[kind] ?? DataView;
      const width = View.BYTES_PER_ELEMENT ?? 1;
      const offset = (from % (buffer.byteLength + 1)) - ((from % (buffer.byteLength + 1)) % width);
      return new View(buffer, offset, length % (Math.floor((buffer.byteLength - offset) / width) + 1));
    });
    return withBuffer ? [...made, buffer] : made;
  });

const errorOf = (message: string, code: number): Error => {
  const kinds = [Error, TypeError, RangeError, SyntaxError, AggregateError];
  const Kind = kinds[code % kinds.length] ?? Error;
  return Kind === AggregateError ? new AggregateError([message], message) : new (Kind as ErrorConstructor)(message);
};

const leaf = fc.oneof(
  fc.date({ noInvalidDate: false }),
  fc
    .constantFrom("a+b", "[x-z]", "", "\\/")
    .chain((source) => fc.nat(9).map((at) => Object.assign(new RegExp(source, "g"), { lastIndex: at }))),
  fc.webUrl().map((href) => new URL(href)),
  fc.oneof(fc.double(), fc.string({ maxLength: 3 }), fc.boolean(), fc.bigInt()).map((value): unknown => Object(value)),
  fc.nat().map((cents) => new Money(cents)),
  memory,
);

/** What may hold others: empty, and how to put something in. */
type Holder = { readonly object: object; readonly put: (key: string, value: unknown) => void };
const define = (object: object, at: PropertyKey, value: unknown): void =>
  void Object.defineProperty(object, at, { value, writable: true, enumerable: true, configurable: true });

function holder(kind: number): Holder {
  switch (kind % 7) {
    case 0: {
      const list: unknown[] = [];
      return { object: list, put: (_, value) => list.push(value) };
    }
    case 1: {
      const map = new Map<unknown, unknown>();
      return { object: map, put: (at, value) => (at.length % 2 === 0 ? map.set(at, value) : map.set(value, at)) };
    }
    case 2: {
      const set = new Set<unknown>();
      return { object: set, put: (_, value) => set.add(value) };
    }
    case 3: {
      const error = errorOf("e", kind);
      // A name or a message that is an error again makes a stack that nobody can read.
      const nameOf = (at: string): string => (/^(?:name|message|stack)?$/.test(at) ? "field" : at);
      return { object: error, put: (at, value) => define(error, nameOf(at), value) };
    }
    case 4: {
      const bare: object = Object.create(null);
      return { object: bare, put: (at, value) => define(bare, at, value) };
    }
    case 5: {
      const list: unknown[] = [];
      return {
        object: list,
        put: (at, value) => {
          list.length += at.length % 3;
          if (at.length === 4) define(list, at, value);
          else list.push(value);
        },
      };
    }
    default: {
      const record = {};
      return { object: record, put: (at, value) => define(record, at, value) };
    }
  }
}

type Link = readonly [from: number, key: string, to: number, value: unknown];
const link = fc.tuple(fc.nat(), key, fc.nat(), fc.oneof(primitive, leaf));

/** Objects and links between them: the first holds them all, so that nothing is lost. */
function graphOf(kinds: readonly number[], links: readonly Link[]): unknown {
  const holders = kinds.map(holder);
  for (const [from, at, to, value] of links) {
    const source = holders[from % holders.length];
    const target = holders[to % holders.length];
    source?.put(at, to % 3 === 0 ? value : target?.object);
  }
  return to(holders);
}
const to = (holders: readonly Holder[]): unknown =>
  holders.length === 1 ? holders[0]?.object : holders.map(({ object }) => object);

const graph = fc
  .tuple(fc.array(fc.nat(), { minLength: 1, maxLength: 6 }), fc.array(link, { maxLength: 14 }))
  .map(([kinds, links]) => graphOf(kinds, links));

const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small", withCrossShrink: true },
    primitive,
    leaf,
    fc.array(tie("tree"), { maxLength: 6 }),
    fc.array(fc.oneof(fc.integer(), fc.double()), { maxLength: 9 }),
    fc.dictionary(key, tie("tree"), { maxKeys: 6 }),
    fc.array(fc.tuple(tie("tree"), tie("tree")), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie("tree"), { maxLength: 4 }).map((members) => new Set(members)),
    tie("tree").map((value) => new Wrapped(value)),
  ),
}));

export const arbitraryValue: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 2, arbitrary: tree },
  { weight: 1, arbitrary: graph },
);
