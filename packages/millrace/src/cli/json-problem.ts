// Owns: whether JSON can say a value as it is.
// J1. JSON.stringify is silent where it loses something: a Map becomes {}, NaN becomes null. Here that is a reason to
//     print no value. A Date and the like say themselves how they are written; undefined properties are left out.

import { errorTexts } from "@millrace/code";
import { nameAndMessage } from "./error-text.js";

/** Why not, and where; undefined: it can. Getters, proxies and `toJSON` are user code: where they throw, it cannot. */
export function jsonProblem(value: unknown): string | undefined {
  try {
    return problemOf(value, "value", []);
  } catch (error) {
    return `the value cannot be read: ${nameAndMessage(errorTexts(error))}`;
  }
}

function problemOf(value: unknown, path: string, above: readonly object[]): string | undefined {
  if (value === null || typeof value === "string" || typeof value === "boolean") return undefined;
  if (typeof value === "number") return Number.isFinite(value) ? undefined : `${path} is ${value}`;
  if (typeof value === "undefined")
    return above.length === 0 || path.endsWith("]") ? `${path} is undefined` : undefined;
  if (typeof value !== "object") return `${path} is a ${typeof value}`;
  if (above.includes(value)) return `${path} holds itself`;
  if ("toJSON" in value) return ownWordsProblem(value, path);
  const inside = [...above, value];
  if (Array.isArray(value))
    return firstProblem(
      value.map((item, i) => [`${path}[${i}]`, item] as const),
      inside,
    );
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `${path} is a ${value.constructor.name}`;
  return firstProblem(
    Object.entries(value).map(([key, item]) => [`${path}.${key}`, item] as const),
    inside,
  );
}

function ownWordsProblem(value: object, path: string): string | undefined {
  const text: unknown = JSON.stringify(value);
  return text === undefined ? `${path} has a toJSON that gives nothing` : undefined;
}

function firstProblem(
  items: Iterable<readonly [path: string, item: unknown]>,
  above: readonly object[],
): string | undefined {
  for (const [path, item] of items) {
    const problem = problemOf(item, path, above);
    if (problem !== undefined) return problem;
  }
  return undefined;
}
