// Owns: a small value, such as a default, in one line.

import { inspect } from "node:util";
import { jsonProblem } from "./json-problem.js";

/** As JSON where it can be said so, else as Node shows it: a default may be a bigint or hold itself. */
export function shownValue(value: unknown): string {
  if (jsonProblem(value) === undefined) return JSON.stringify(value);
  try {
    return inspect(value, { breakLength: Number.POSITIVE_INFINITY });
  } catch {
    return "(it cannot be shown)";
  }
}
