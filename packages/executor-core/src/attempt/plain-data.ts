// Owns: what is logged as plain data: it can travel, is small, and never changes afterwards. Nothing makes it throw.
// P1. What has a toJSON is what that gives; errors are name, message and stack; the rest that JSON lacks is text.
// P2. Small as a whole: a few lists in lists, each short enough, would be millions of entries.

const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;
const TEXT_MAX = 16_384;
const KEY_MAX = 256;
/** Characters of all together, and what each value counts beside its own. The text that goes beyond is the last one. */
const WHOLE_MAX = 65_536;
const VALUE = 16;

/** `left`: of WHOLE_MAX. `above`: what the value is inside of. */
type Copy = { left: number; readonly above: Set<object> };

export function shortText(text: string, most = TEXT_MAX): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length - most} more characters)`;
}

export function plainData(data: object): object {
  const plain = plainOf(data, 0, { left: WHOLE_MAX, above: new Set() });
  return typeof plain === "object" && plain !== null ? plain : { data: plain };
}

function plainOf(value: unknown, depth: number, copy: Copy): unknown {
  copy.left -= VALUE;
  switch (typeof value) {
    case "string":
      return counted(value, copy);
    case "number":
    case "boolean":
    case "undefined":
      return value;
    case "bigint":
    case "symbol":
      return counted(String(value), copy);
    case "function":
      return counted(`[function ${value.name}]`, copy);
    case "object":
      return value === null ? null : objectOf(value, depth, copy);
  }
}

function objectOf(value: object, depth: number, copy: Copy): unknown {
  if (copy.above.has(value)) return "[circular]";
  if (depth >= DEPTH_MAX) return "[too deep]";
  copy.above.add(value);
  try {
    if (value instanceof Error) return plainError(value, copy);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if ("toJSON" in value && typeof value.toJSON === "function") return plainOf(value.toJSON(), depth + 1, copy);
    if (value instanceof Map || value instanceof Set) return listOf(value, value.size, depth + 1, copy);
    return Array.isArray(value) ? listOf(value, value.length, depth, copy) : recordOf(value, depth, copy);
  } catch (error) {
    return unreadable(error);
  } finally {
    copy.above.delete(value);
  }
}

const plainError = ({ name, message, stack }: Error, copy: Copy): object => ({
  name: counted(String(name), copy),
  message: counted(String(message), copy),
  ...(typeof stack === "string" ? { stack: counted(stack, copy) } : undefined),
});

const OWN = { configurable: true, enumerable: true, writable: true };

/** No more is read of it than is told. */
function listOf(list: Iterable<unknown>, length: number, depth: number, copy: Copy): unknown[] {
  const items: unknown[] = [];
  for (const item of list) {
    if (isFull(items.length, copy)) {
      items.push(`[${length - items.length} more]`);
      break;
    }
    items.push(plainOf(item, depth + 1, copy));
  }
  return items;
}

function recordOf(value: object, depth: number, copy: Copy): object {
  const keys = Object.keys(value);
  const plain: Record<string, unknown> = {};
  let count = 0;
  for (const key of keys) {
    if (isFull(count, copy)) break;
    count++;
    const name = counted(key, copy, KEY_MAX);
    // Never an assignment: one to `__proto__` would be lost. Two that were shortened may be one.
    Object.defineProperty(plain, name, { ...OWN, value: partOf(value, key, depth, copy) });
  }
  if (count < keys.length) plain["..."] = `[${keys.length - count} more]`;
  return plain;
}

function partOf(value: object, key: string, depth: number, copy: Copy): unknown {
  try {
    return plainOf(Reflect.get(value, key), depth + 1, copy);
  } catch (error) {
    return unreadable(error);
  }
}

/** P2. */
const isFull = (count: number, copy: Copy): boolean => count >= ENTRIES_MAX || copy.left <= 0;

function counted(text: string, copy: Copy, most = TEXT_MAX): string {
  const short = shortText(text, most);
  copy.left -= short.length;
  return short;
}

/** What was thrown may be no better than what it was thrown by. */
function unreadable(error: unknown): string {
  try {
    return `[unreadable: ${error instanceof Error ? shortText(String(error.message), KEY_MAX) : "it throws"}]`;
  } catch {
    return "[unreadable: it throws]";
  }
}
