// Owns: what a field of a message is, and the simple ones. A kind's fields say how it is written, read, checked and
//       described: there is no second place that could say something else.
// F1. `read` gives what `write` took, or throws `FRAME_INVALID`; it gives nothing that its type does not say.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { ROWS_MAX, TEXT_MAX } from "./limits.js";
import { inlineOf, Opaque } from "./opaque.js";
import { ProtocolError } from "./protocol-error.js";

export type Field<T> = {
  /** For docs/PROTOCOL.md. */
  readonly says: string;
  write(out: ByteWriter, value: T): void;
  read(from: ByteReader): T;
};

export const uint: Field<number> = {
  says: "uint",
  write: (out, value) => out.varint(value),
  read: (from) => from.varint(),
};

/** Sent all the same, it would be refused over there, and sent again for ever. */
const unsendable = (): ProtocolError =>
  new ProtocolError("FRAME_INVALID", "a number is below or above its cap, or is none, and cannot be sent");

const anyF64: Field<number> = {
  says: "f64",
  write: (out, value) => out.f64(value),
  read: (from) => from.f64(),
};

/** A number of these bounds: what is reckoned with it is a number too. */
function within(of: Field<number>, least: number, most: number): Field<number> {
  const isWithin = (value: number): boolean => value >= least && value <= most;
  return {
    says: of.says,
    write: (out, value) => {
      if (!isWithin(value)) throw unsendable();
      of.write(out, value);
    },
    read: (from) => {
      const value = of.read(from);
      if (!isWithin(value)) throw from.fail("a number is below or above its cap, or is none");
      return value;
    },
  };
}

export const f64From = (least: number, most = Number.MAX_VALUE): Field<number> => within(anyF64, least, most);
export const f64 = f64From(-Number.MAX_VALUE);
/** How long, or how much. */
export const span = f64From(0);
/** Whole. */
export const uintFrom = (least: number, most: number): Field<number> => within(uint, least, most);

export const bool: Field<boolean> = {
  says: "bool",
  write: (out, value) => out.u8(value ? 1 : 0),
  read: (from) => from.upTo(1) === 1,
};

/** Any characters: a name is nothing but a name here. */
export const text: Field<string> = {
  says: "text",
  write: (out, value) => out.text(value, TEXT_MAX),
  read: (from) => from.text(TEXT_MAX),
};

/** What somebody says: longer than a text may be it is cut, so that no words of a user's can break off what carries them. */
export const words: Field<string> = {
  says: "words",
  write: (out, value) => out.text(value.length > TEXT_MAX ? `${value.slice(0, TEXT_MAX - 1)}\u2026` : value, TEXT_MAX),
  read: (from) => from.text(TEXT_MAX),
};

/** A view of the frame's memory. */
export const bytes: Field<Uint8Array> = {
  says: "bytes",
  write: (out, value) => out.block(value),
  read: (from) => from.block(from.end),
};

/** A value's bytes; a view of the frame's memory. Where it is not encoded yet, it is encoded when it is written. */
export const value: Field<unknown> = {
  says: "value",
  write: (out, given) => {
    const { memory, from, end } = inlineOf(given);
    out.block(memory, from, end);
  },
  read: (from) => new Opaque(from.block(from.end)),
};

export function named<T, N extends T>(field: Field<T>, says: string, brand: (value: T) => N): Field<N> {
  return { says, write: (out, given) => field.write(out, given), read: (from) => brand(field.read(from)) };
}

export function optional<T>(field: Field<T>): Field<T | undefined> {
  return {
    says: `${field.says}?`,
    write: (out, given) => {
      out.u8(given === undefined ? 0 : 1);
      if (given !== undefined) field.write(out, given);
    },
    read: (from) => (from.upTo(1) === 1 ? field.read(from) : undefined),
  };
}

/** Every item takes a byte at least. */
export function list<T>(field: Field<T>): Field<readonly T[]> {
  return {
    says: `list of ${field.says}`,
    write: (out, given) => {
      out.varint(given.length);
      for (const item of given) field.write(out, item);
    },
    read: (from) => {
      const count = from.count(ROWS_MAX, 1);
      const items: T[] = [];
      for (let i = 0; i < count; i++) items.push(field.read(from));
      return items;
    },
  };
}

/** One of a few words, by its place among them. */
export function word<const W extends string>(words: readonly W[]): Field<W> {
  return {
    says: words.join(" \\| "),
    write: (out, given) => out.u8(words.indexOf(given)),
    read: (from) => {
      const found = words[from.u8()];
      if (found === undefined) throw from.fail("it is none of the words that it may be");
      return found;
    },
  };
}

/** One value that takes no room. */
export function only<const T>(value: T): Field<T> {
  return { says: JSON.stringify(value), write: () => undefined, read: () => value };
}
