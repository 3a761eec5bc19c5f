// Owns: what to call a thing that cannot travel, and what its owner can do instead. Nothing here runs the user's code.

import { isModuleNamespaceObject, isProxy } from "./native.js";

export type Refusal = { readonly kind: string; readonly advice: string };

const passData = "pass plain data instead";

const known: Readonly<Record<string, Refusal>> = {
  Promise: { kind: "a promise", advice: "await it first, and pass what it gives" },
  WeakMap: { kind: "a WeakMap", advice: "its entries cannot be listed: pass a Map" },
  WeakSet: { kind: "a WeakSet", advice: "its members cannot be listed: pass a Set" },
  WeakRef: { kind: "a WeakRef", advice: "pass what it refers to" },
  Symbol: { kind: "a boxed symbol", advice: "a symbol is known in its own process only: pass a string" },
  Generator: { kind: "a generator", advice: "collect what it yields into an array" },
  AsyncGenerator: { kind: "an async generator", advice: "collect what it yields into an array" },
  ReadableStream: { kind: "a stream", advice: "read it to its end, and pass the bytes" },
  Blob: { kind: "a Blob", advice: "await its arrayBuffer(), and pass that" },
  Response: { kind: "a Response", advice: "await its json(), text() or arrayBuffer(), and pass that" },
};

/** Of an object whose kind is not known. */
export function refusalOf(object: object, prototype: object | null): Refusal {
  const name = prototype === null ? "" : classNameOf(prototype);
  const found = Object.hasOwn(known, name) ? known[name] : undefined;
  if (found !== undefined && name !== "Object") return found;
  if (isModuleNamespaceObject(object)) return { kind: "a module", advice: "pass what the task needs of it" };
  return {
    kind: name === "" ? "an object with a prototype of its own" : `an instance of ${name}`,
    advice: `register its class with registerType, or ${passData}`,
  };
}

export function refusalOfPrimitive(value: unknown): Refusal {
  if (typeof value === "symbol")
    return { kind: "a symbol", advice: "a symbol is known in its own process only: pass a string" };
  return { kind: "a function", advice: `call it and pass its result, or ${passData}` };
}

export const aProxy: Refusal = { kind: "a proxy", advice: "pass a copy of what stands behind it, as in { ...proxy }" };
export const anAccessor: Refusal = { kind: "an accessor (get or set)", advice: "pass the value that it gives" };
export const symbolKeys: Refusal = { kind: "an object with a symbol as key", advice: "use strings as keys" };
export const aHidden: Refusal = {
  kind: "not enumerable",
  advice: "define it as an ordinary property, or leave it out",
};
export const resizable: Refusal = { kind: "a resizable buffer", advice: "pass a copy of fixed length: buffer.slice()" };
export const detached: Refusal = {
  kind: "a buffer that was given up",
  advice: "it was transferred before: pass a copy then",
};
export const shared: Refusal = {
  kind: "a SharedArrayBuffer",
  advice: "its memory can be shared inside one process only: pass a copy, as in new Uint8Array(shared).slice()",
};
export const changed: Refusal = { kind: "a collection that changed meanwhile", advice: "let encode change nothing" };
export const tooDeep: Refusal = {
  kind: "nested too deep inside a registered class",
  advice: "let its encode give a flat list",
};
export const ofItself: Refusal = {
  kind: "a registered object that contains itself",
  advice: "let its encode leave the reference out",
};
export const extraProperty = (of: string): Refusal => ({
  kind: `a property on ${of}`,
  advice: `it would be lost: put ${of} and the property into an object`,
});

/** Without asking the prototype's own accessors. */
function classNameOf(prototype: object): string {
  if (isProxy(prototype)) return "";
  const constructor: unknown = Object.getOwnPropertyDescriptor(prototype, "constructor")?.value;
  const tag: unknown = Object.getOwnPropertyDescriptor(prototype, Symbol.toStringTag)?.value;
  if (typeof constructor === "function" && !isProxy(constructor)) {
    const name: unknown = Object.getOwnPropertyDescriptor(constructor, "name")?.value;
    if (typeof name === "string" && name !== "") return name;
  }
  if (typeof tag === "string") return tag;
  const above: object | null = Object.getPrototypeOf(prototype);
  return above === null || above === Object.prototype ? "" : classNameOf(above);
}

/** One with a setter only has no getter either. */
export const isAccessor = (property: PropertyDescriptor): boolean =>
  property.get !== undefined || (property.value === undefined && !("value" in property));
