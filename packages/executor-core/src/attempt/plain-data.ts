// Owns: what is logged as plain data: it can travel, is small, and never changes afterwards. Nothing makes it throw.
// P1. What has a toJSON is what that gives; errors are name, message and stack; the rest that JSON lacks is text.

const DEPTH_MAX = 6;
const ENTRIES_MAX = 100;
const TEXT_MAX = 16_384;

export function shortText(text: string, most = TEXT_MAX): string {
  return text.length <= most ? text : `${text.slice(0, most)}... (${text.length - most} more characters)`;
}

export function plainData(data: object): object {
  const plain = plainOf(data, 0, new Set());
  return typeof plain === "object" && plain !== null ? plain : { data: plain };
}

function plainOf(value: unknown, depth: number, above: Set<object>): unknown {
  switch (typeof value) {
    case "string":
      return shortText(value);
    case "number":
    case "boolean":
    case "undefined":
      return value;
    case "bigint":
    case "symbol":
      return String(value);
    case "function":
      return `[function ${value.name}]`;
    case "object":
      return value === null ? null : objectOf(value, depth, above);
  }
}

function objectOf(value: object, depth: number, above: Set<object>): unknown {
  if (above.has(value)) return "[circular]";
  if (depth >= DEPTH_MAX) return "[too deep]";
  above.add(value);
  try {
    if (value instanceof Error) return plainError(value);
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    if ("toJSON" in value && typeof value.toJSON === "function") return plainOf(value.toJSON(), depth + 1, above);
    if (value instanceof Map || value instanceof Set) return plainOf([...value], depth + 1, above);
    return Array.isArray(value) ? listOf(value, depth, above) : recordOf(value, depth, above);
  } catch (error) {
    return unreadable(error);
  } finally {
    above.delete(value);
  }
}

const plainError = ({ name, message, stack }: Error): object => ({
  name: shortText(String(name)),
  message: shortText(String(message)),
  ...(typeof stack === "string" ? { stack: shortText(stack) } : undefined),
});

function listOf(list: readonly unknown[], depth: number, above: Set<object>): unknown[] {
  const items = list.slice(0, ENTRIES_MAX).map((item) => plainOf(item, depth + 1, above));
  return list.length > ENTRIES_MAX ? [...items, `[${list.length - ENTRIES_MAX} more]`] : items;
}

function recordOf(value: object, depth: number, above: Set<object>): object {
  const keys = Object.keys(value);
  const plain: Record<string, unknown> = {};
  for (const key of keys.slice(0, ENTRIES_MAX))
    Object.defineProperty(plain, key, { value: partOf(value, key, depth, above), enumerable: true });
  if (keys.length > ENTRIES_MAX) plain["..."] = `[${keys.length - ENTRIES_MAX} more]`;
  return plain;
}

function partOf(value: object, key: string, depth: number, above: Set<object>): unknown {
  try {
    return plainOf(Reflect.get(value, key), depth + 1, above);
  } catch (error) {
    return unreadable(error);
  }
}

const unreadable = (error: unknown): string => `[unreadable: ${error instanceof Error ? error.message : "it throws"}]`;
