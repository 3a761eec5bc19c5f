// Owns: the classes whose instances may travel because their author says how (`registerType`).
// Does not own: their bytes (`encoder`, `decoder`).
// R1. One table a thread, whichever copy of this package asks: it hangs on a symbol.
// Casts: what hangs there was put there by a copy of this module, and a type's codec gets what is of that type.

import { MillraceError } from "../../work/millrace-error.js";

export type TypeCodec<T, D> = {
  /** What travels in place of an instance: any value that can travel itself, but no instance of the class. */
  readonly encode: (instance: T) => D;
  /** The instance again; `version` is that of the side that encoded, never a later one than this side's. */
  readonly decode: (data: D, version: number) => T;
  /** By which the other side finds its class; without one, the class's own name. */
  readonly name?: string | undefined;
  /** A whole number from 1 on: to be raised when `encode` gives something else than before. */
  readonly version?: number | undefined;
};

export type RegisteredType = {
  readonly name: string;
  readonly version: number;
  readonly encode: (instance: unknown) => unknown;
  readonly decode: (data: unknown, version: number) => unknown;
};
type Registry = { readonly byPrototype: Map<object, RegisteredType>; readonly byName: Map<string, RegisteredType> };
/** Abstract ones too. */
type Class<T> = abstract new (...args: never) => T;

const KEY = Symbol.for("millrace/1/types");
/** Classes of this package, which each copy of it knows for itself. */
const own: Registry = { byPrototype: new Map(), byName: new Map() };

function registry(): Registry {
  const held = Reflect.get(globalThis, KEY) as Registry | undefined;
  if (held !== undefined) return held;
  const made: Registry = { byPrototype: new Map(), byName: new Map() };
  Reflect.set(globalThis, KEY, made);
  return made;
}

/**
 * Makes the instances of a class values that can travel: `registerType(Money, { encode: (m) => m.cents, decode: (cents) => new Money(cents) })`.
 * To be called where the class is defined, so that it holds in every thread. Subclasses are classes of their own.
 * Throws `TYPE_REGISTERED_TWICE` and `INVALID_TYPE`.
 */
export const registerType = <T, D>(type: Class<T>, codec: TypeCodec<T, D>): void => register(registry(), type, codec);

export const registerOwnType = <T, D>(type: Class<T>, codec: TypeCodec<T, D>): void => register(own, type, codec);

function register<T, D>({ byPrototype, byName }: Registry, type: Class<T>, codec: TypeCodec<T, D>): void {
  const { name, version } = readNames(type, codec);
  const prototype: object = type.prototype;
  if (byPrototype.has(prototype))
    throw twice(`the class ${type.name} was registered before`, "register it once, where it is defined");
  if (byName.has(name))
    throw twice(`another class was registered as "${name}" before`, "give one of them a name of its own: { name }");
  const registered: RegisteredType = {
    name,
    version,
    encode: (instance) => codec.encode(instance as T),
    decode: (data, from) => codec.decode(data as D, from),
  };
  byPrototype.set(prototype, registered);
  byName.set(name, registered);
}

export const typeOf = (prototype: object): RegisteredType | undefined =>
  own.byPrototype.get(prototype) ?? registry().byPrototype.get(prototype);
export const typeNamed = (name: string): RegisteredType | undefined =>
  own.byName.get(name) ?? registry().byName.get(name);

function readNames(type: unknown, codec: unknown): { readonly name: string; readonly version: number } {
  if (typeof type !== "function" || typeof type.prototype !== "object" || type.prototype === null)
    throw invalid(`${typeof type} is no class`, "registerType(Class, { encode, decode })");
  if (typeof codec !== "object" || codec === null)
    throw invalid("the codec is missing", "registerType(Class, { encode, decode })");
  const { encode, decode, name = type.name, version = 1 }: Partial<TypeCodec<unknown, unknown>> = codec;
  if (typeof encode !== "function" || typeof decode !== "function")
    throw invalid(`the codec of ${type.name} lacks a function`, "it needs both encode and decode");
  if (typeof name !== "string" || name === "") throw invalid("the class has no name", "give it one: { name }");
  if (!Number.isSafeInteger(version) || version < 1)
    throw invalid(`the version of "${name}" is ${String(version)}`, "take 1, 2, 3 ...");
  return { name, version };
}

const twice = (what: string, advice: string): MillraceError =>
  new MillraceError("TYPE_REGISTERED_TWICE", `registerType: ${what}: ${advice}`);
const invalid = (what: string, advice: string): MillraceError =>
  new MillraceError("INVALID_TYPE", `registerType: ${what}: ${advice}`);
