// Owns: objects with fields, and choices between them.
// Casts: what was made key by key of a shape's fields is what the shape describes.

import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import type { Field } from "./fields.js";

export type Fields<T> = { readonly [K in keyof T]: Field<T[K]> };

const keysOf = <T>(fields: Fields<T>): readonly (keyof T & string)[] => Object.keys(fields) as (keyof T & string)[];

export const describe = <T>(fields: Fields<T>): string =>
  keysOf(fields)
    .map((key) => `\`${key}\`: ${fields[key].says}`)
    .join(", ");

/** Field after field, in the order in which they are declared. `place`: errors name the field. */
export function shape<T extends object>(fields: Fields<T>, place = ""): Field<T> {
  const keys = keysOf(fields);
  const places = keys.map((key) => (place === "" ? undefined : `${place}.${key}`));
  return {
    says: `{ ${describe(fields)} }`,
    write: (out: ByteWriter, value: T) => {
      for (const key of keys) fields[key].write(out, value[key]);
    },
    read: (from: ByteReader) => {
      const made: Partial<T> = {};
      for (let i = 0; i < keys.length; i++) {
        const key = keys[i];
        if (key === undefined) continue;
        from.where = places[i] ?? from.where;
        made[key] = fields[key].read(from);
      }
      return made as T;
    },
  };
}

type AnyFields = { readonly [field: string]: Field<unknown> };
type ValuesOf<F> = { readonly [P in keyof F]: F[P] extends Field<infer T> ? T : never };
type Tagged<Tag extends string, Choices> = {
  [K in keyof Choices]: Flat<{ readonly [T in Tag]: K } & ValuesOf<Choices[K]>>;
}[keyof Choices];

/** One of several shapes; the key `tag` of the value says which. At most 256, numbered as they are declared. */
export function choice<const Tag extends string, Choices extends { readonly [name: string]: AnyFields }>(
  tag: Tag,
  choices: Choices,
): Field<Tagged<Tag, Choices>> {
  const names = Object.keys(choices);
  const shapes = names.map((name) => shape<object>(choices[name] as Fields<object>));
  return {
    says: names.map((name, i) => `${name} ${shapes[i]?.says ?? ""}`).join(" \\| "),
    write: (out: ByteWriter, value: object) => {
      const i = names.indexOf(String(Reflect.get(value, tag)));
      out.u8(i);
      shapes[i]?.write(out, value);
    },
    read: (from: ByteReader) => {
      const i = from.u8();
      const found = shapes[i];
      if (found === undefined) throw from.fail("it is none of the choices that there are");
      return { [tag]: names[i], ...found.read(from) } as Tagged<Tag, Choices>;
    },
  };
}

/** One kind of message. */
export type Kind<T> = {
  readonly code: number;
  readonly bytesMax: number;
  readonly fields: Fields<T>;
  /** For docs/PROTOCOL.md. */
  readonly says: string;
};
export type AnyTable = { readonly [kind: string]: Omit<Kind<never>, "fields"> & { readonly fields: AnyFields } };

type Flat<T> = { readonly [K in keyof T]: T[K] };
export type MessageOf<Table> = {
  [K in keyof Table]: Table[K] extends { readonly fields: infer F } ? Flat<{ readonly kind: K } & ValuesOf<F>> : never;
}[keyof Table];

export function kind<T extends object>(code: number, bytesMax: number, says: string, fields: Fields<T>): Kind<T> {
  return { code, bytesMax, says, fields };
}

export type Entry = {
  readonly kind: string;
  readonly code: number;
  readonly bytesMax: number;
  readonly body: Field<object>;
};

/** All that may come along one way, by code and by name. */
export class Direction<M extends { readonly kind: string }> {
  readonly name: string;
  readonly byCode: ReadonlyMap<number, Entry>;
  readonly byKind: ReadonlyMap<string, Entry>;

  private constructor(name: string, entries: readonly Entry[]) {
    this.name = name;
    this.byCode = new Map(entries.map((entry) => [entry.code, entry]));
    this.byKind = new Map(entries.map((entry) => [entry.kind, entry]));
  }

  static of<Table extends AnyTable>(name: string, table: Table): Direction<MessageOf<Table> & { kind: string }> {
    const entries = Object.entries(table).map(([kindName, { code, bytesMax, fields }]) => ({
      kind: kindName,
      code,
      bytesMax,
      body: shape<object>(fields as Fields<object>, kindName),
    }));
    return new Direction(name, entries);
  }

  /** A body that was read, as the message that it is. */
  message(entry: Entry, body: object): M {
    return { kind: entry.kind, ...body } as M;
  }
}
