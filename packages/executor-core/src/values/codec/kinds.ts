// Owns: which kind of value an object is, by its prototype and by what it really is, and what to call what cannot travel.
// Does not own: proxies and arrays, which are known before (`encoder`).
// K1. A prototype alone proves nothing: Object.create(Map.prototype) is no map.

import { ERROR_CLASSES, VIEW_CLASSES } from "./constructors.js";
import { TAG } from "./format.js";
import * as native from "./native.js";
import { type RegisteredType, typeOf } from "./type-registry.js";

export type Kind =
  | { readonly kind: "plain"; readonly tag: typeof TAG.object | typeof TAG.nullObject }
  | { readonly kind: "list" | "map" | "set" }
  | { readonly kind: "error"; readonly code: number }
  | { readonly kind: "registered"; readonly type: RegisteredType }
  | Leaf;

/** What has no parts that could refer back to it. */
export type Leaf =
  | { readonly kind: "date" | "regexp" | "url" | "urlSearchParams" | "boxed" | "buffer" }
  | { readonly kind: "view"; readonly code: number };

export const PLAIN: Kind = { kind: "plain", tag: TAG.object };
export const NULL_PLAIN: Kind = { kind: "plain", tag: TAG.nullObject };
export const LIST: Kind = { kind: "list" };

type Check = { readonly kind: Kind; readonly is: (object: object) => boolean };
const checks = new Map<object, Check>();

function add(prototype: object, kind: Kind, is: (object: object) => boolean): void {
  checks.set(prototype, { kind, is });
}
add(Map.prototype, { kind: "map" }, native.isMap);
add(Set.prototype, { kind: "set" }, native.isSet);
add(Date.prototype, { kind: "date" }, native.isDate);
add(RegExp.prototype, { kind: "regexp" }, native.isRegExp);
add(URL.prototype, { kind: "url" }, isUrl);
add(URLSearchParams.prototype, { kind: "urlSearchParams" }, isSearchParams);
add(ArrayBuffer.prototype, { kind: "buffer" }, native.isAnyArrayBuffer);
add(SharedArrayBuffer.prototype, { kind: "buffer" }, native.isSharedArrayBuffer);
for (const { prototype } of [Number, String, Boolean, BigInt])
  add(prototype, { kind: "boxed" }, native.isBoxedPrimitive);
for (const [code, { prototype }] of [...ERROR_CLASSES, AggregateError].entries())
  add(prototype, { kind: "error", code }, native.isNativeError);
for (const [code, prototype] of [...VIEW_CLASSES.map((view) => view.prototype), native.bufferPrototype].entries())
  add(prototype, { kind: "view", code }, native.isArrayBufferView);

/** Of an object with this prototype, which is neither plain nor an array; undefined: it cannot travel. */
export function kindOf(object: object, prototype: object): Kind | undefined {
  const check = checks.get(prototype);
  if (check !== undefined) return check.is(object) ? check.kind : undefined;
  const type = typeOf(prototype);
  return type === undefined ? undefined : { kind: "registered", type };
}

function isUrl(object: object): boolean {
  return isReal(object, URL.prototype, "href");
}

function isSearchParams(object: object): boolean {
  return isReal(object, URLSearchParams.prototype, "size");
}

/** Its getter throws on what only looks like one. */
function isReal(object: object, prototype: object, key: string): boolean {
  try {
    Reflect.get(prototype, key, object);
    return true;
  } catch {
    return false;
  }
}
