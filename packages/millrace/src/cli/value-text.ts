// Owns: a flow's value as people read it.

import { inspect } from "node:util";
import type { FinishedRun } from "@millrace/core";
import { nameAndMessage } from "./error-text.js";

const linesMax = 40;

/** Text as it is, anything else as Node shows it; nothing for a flow that returns nothing. */
export function valueText(run: FinishedRun<unknown>): readonly string[] {
  let value: unknown;
  try {
    value = run.value;
  } catch (error) {
    return ["", `no value: ${nameAndMessage(error)}`]; // a skipped task was returned
  }
  if (value === undefined) return [];
  const text = typeof value === "string" ? value : inspect(value, { colors: process.stdout.isTTY, depth: 4 });
  const lines = text.split("\n");
  const more = lines.length - linesMax;
  return [
    "",
    ...lines.slice(0, linesMax),
    ...(more > 0 ? [`... ${more} more lines (--json has the whole value)`] : []),
  ];
}
