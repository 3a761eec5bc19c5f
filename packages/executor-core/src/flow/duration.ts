// Owns: how users write a time span, and reading it.

import { FlowError } from "./flow-error.js";

/** Milliseconds, or a number with a unit: `"500ms"`, `"2s"`, `"5m"`, `"1h"`, `"1d"`. */
export type Duration = number | `${number}${"ms" | "s" | "m" | "h" | "d"}`;

const UNIT_MS = new Map([
  ["ms", 1],
  ["s", 1_000],
  ["m", 60_000],
  ["h", 3_600_000],
  ["d", 86_400_000],
]);

/** `what` names the option in the error. */
export function durationMs(duration: Duration, what: string): number {
  const [, digits, unit] = typeof duration === "string" ? (/^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(duration) ?? []) : [];
  const factor = UNIT_MS.get(unit ?? "");
  const ms =
    factor === undefined ? Number(typeof duration === "number" ? duration : Number.NaN) : Number(digits) * factor;
  if (Number.isFinite(ms) && ms >= 0) return ms;
  throw new FlowError(
    "INVALID_DURATION",
    `${what} is ${JSON.stringify(duration)}, which is no duration: write milliseconds, or a number and one of the units ms, s, m, h, d, as in "2s"`,
  );
}
