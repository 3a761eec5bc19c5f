// Owns: whether two values are the same in everything that a value has (design D8): the strictest comparison there is here.
// S1. Nothing recurses: values are as deep as they like.
// S2. Objects correspond one to one: what is shared or cyclic on one side is so on the other.

type Pair = readonly [a: unknown, b: unknown, path: string];

const ERROR_OWN = ["name", "message", "stack", "cause", "errors"];

export type How = {
  /** SharedArrayBuffers are one memory. */
  readonly sharesMemory?: boolean;
  /** Errors were made in two places. */
  readonly ignoresStacks?: boolean;
};

/** Undefined: they are the same; else where and how they differ. */
export function difference(first: unknown, second: unknown, how: How = {}): string | undefined {
  const there = new Map<object, object>();
  const back = new Map<object, object>();
  const open: Pair[] = [[first, second, "value"]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [a, b, path] = pair;
    if (typeof a !== "object" || a === null || typeof b !== "object" || b === null) {
      if (!Object.is(a, b)) return `${path}: ${show(a)} is not ${show(b)}`;
      continue;
    }
    if (there.has(a) || back.has(b)) {
      if (there.get(a) !== b || back.get(b) !== a) return `${path}: what is shared is not the same`;
      continue;
    }
    there.set(a, b);
    back.set(b, a);
    const found = compare(a, b, how);
    if (typeof found === "string") return `${path}: ${found}`;
    for (const [x, y, part] of found) open.push([x, y, path.length > 200 ? `...${part}` : path + part]);
  }
  return undefined;
}

const show = (value: unknown): string =>
  typeof value === "string" ? JSON.stringify(value.slice(0, 60)) : String(value);
const tagOf = (value: object): string => Object.prototype.toString.call(value);

function compare(a: object, b: object, { sharesMemory, ignoresStacks }: How): string | readonly Pair[] {
  if (Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return `another prototype: ${tagOf(a)}, ${tagOf(b)}`;
  if (tagOf(a) !== tagOf(b) || Array.isArray(a) !== Array.isArray(b)) return `another kind: ${tagOf(a)}, ${tagOf(b)}`;
  const pairs: Pair[] = [];
  if (ArrayBuffer.isView(a) && ArrayBuffer.isView(b)) {
    if (a.byteLength !== b.byteLength) return "another length";
    if (!sameBytes(bytesOf(a), bytesOf(b))) return "other elements";
    const extra = namesBeyond(a, a.byteLength) + namesBeyond(b, b.byteLength);
    return extra === "" ? pairs : `other properties: ${extra}`;
  }
  if (a instanceof SharedArrayBuffer && b instanceof SharedArrayBuffer)
    return sharesMemory === true ? sharedMemory(a, b) : sameBuffers(a, b);
  if (a instanceof ArrayBuffer && b instanceof ArrayBuffer) return sameBuffers(a, b);
  if (a instanceof Date && b instanceof Date && !Object.is(a.getTime(), b.getTime())) return "another time";
  if (a instanceof RegExp && b instanceof RegExp) {
    if (a.source !== b.source || a.flags !== b.flags) return "another expression";
    pairs.push([a.lastIndex, b.lastIndex, ".lastIndex"]);
  }
  if (a instanceof URL && b instanceof URL && a.href !== b.href) return "another URL";
  if (a instanceof URLSearchParams && b instanceof URLSearchParams && a.toString() !== b.toString())
    return "another query";
  if (/Number|String|Boolean|BigInt/.test(tagOf(a)) && !Object.is(a.valueOf(), b.valueOf()))
    return "another boxed value";
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return "another length";
  if (a instanceof Map && b instanceof Map) addEntries(pairs, [...a].flat(), [...b].flat());
  if (a instanceof Set && b instanceof Set) addEntries(pairs, [...a], [...b]);
  const parts = propertyPairs(a, b).filter(
    ([, , part]) => !(ignoresStacks === true && a instanceof Error && part === ".stack"),
  );
  return properties(a, b) ?? [...pairs, ...parts];
}

function addEntries(pairs: Pair[], a: readonly unknown[], b: readonly unknown[]): void {
  pairs.push([a.length, b.length, ".size"]);
  for (const [i, x] of a.entries()) pairs.push([x, b[i], `.entry(${i})`]);
}

const carried = (value: object): readonly string[] => {
  if (!(value instanceof Error)) return Object.keys(value);
  const extra = ERROR_OWN.filter((key) => Object.hasOwn(value, key) && !Object.keys(value).includes(key)).sort();
  return [...extra, ...Object.keys(value)];
};

function properties(a: object, b: object): string | undefined {
  const [x, y] = [carried(a), carried(b)];
  // A view's and a long list's keys are many: compared as one text they would be longer than a text can be.
  const at = x.findIndex((key, i) => key !== y[i]);
  if (x.length !== y.length || at >= 0)
    return `other keys: ${x.slice(at, at + 5).join()} | ${y.slice(at, at + 5).join()}`;
  const isOdd = (key: string): boolean => {
    const [p, q] = [Object.getOwnPropertyDescriptor(a, key), Object.getOwnPropertyDescriptor(b, key)];
    const isStack = a instanceof Error && key === "stack";
    return !isStack && (p?.enumerable !== q?.enumerable || p?.get !== undefined || q?.get !== undefined);
  };
  const odd = x.find(isOdd);
  return odd === undefined ? undefined : `another kind of property: ${odd}`;
}

const propertyPairs = (a: object, b: object): readonly Pair[] =>
  carried(a).map((key): Pair => [Reflect.get(a, key), Reflect.get(b, key), `.${key}`]);

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && Buffer.compare(a, b) === 0;
}

function sameBuffers(a: ArrayBufferLike, b: ArrayBufferLike): string | readonly Pair[] {
  return sameBytes(new Uint8Array(a), new Uint8Array(b)) ? [] : "other bytes";
}

/** Written on one side, it is read on the other. */
function sharedMemory(a: SharedArrayBuffer, b: SharedArrayBuffer): string | readonly Pair[] {
  if (a.byteLength !== b.byteLength) return "another length";
  if (a.byteLength === 0) return [];
  const [x, y] = [new Uint8Array(a), new Uint8Array(b)];
  const before = x[0] ?? 0;
  x[0] = before ^ 0xff;
  const isShared = y[0] === x[0];
  x[0] = before;
  return isShared ? [] : "its memory is not shared";
}

const namesBeyond = (view: ArrayBufferView, elements: number): string =>
  elements > 1_000
    ? ""
    : Object.keys(view)
        .filter((key) => !/^\d+$/.test(key))
        .join();
