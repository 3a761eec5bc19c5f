// Owns: a flow's value as people read it.

import { inspect } from "node:util";
import { errorTexts } from "@millrace/code";
import { nameAndMessage } from "./error-text.js";

const linesMax = 40;

/** Text as it is, anything else as Node shows it; nothing for a flow that returns nothing. */
export function valueText(value: unknown): readonly string[] {
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : inspected(value);
  const lines = text.split("\n");
  const more = lines.length - linesMax;
  return [
    "",
    ...lines.slice(0, linesMax),
    ...(more > 0 ? [`... ${more} more lines (--json has the whole value)`] : []),
  ];
}

/** A value may bring its own way to be shown, and that may throw. */
function inspected(value: unknown): string {
  try {
    return inspect(value, { colors: process.stdout.isTTY, depth: 4 });
  } catch (error) {
    return `(the value cannot be shown: ${nameAndMessage(errorTexts(error))})`;
  }
}
