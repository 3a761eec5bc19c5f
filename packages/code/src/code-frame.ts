// Owns: drawing a place in a source file: its line, the one before, and a caret.

import { readFileSync } from "node:fs";
import type { SourcePlace } from "./source-place.js";

const widthMax = 120;

/** Empty where the file cannot be read or is shorter by now. */
export function codeFrame({ file, line, column }: SourcePlace): string {
  const lines = readLines(file);
  const text = lines[line - 1];
  if (text === undefined) return "";
  const before = lines[line - 2];
  const gutter = String(line).length;
  // A generated line may be endless: only the part around the column is shown.
  const from = column > widthMax ? column - widthMax / 2 : 0;
  const shown = (source: string): string => source.slice(from, from + widthMax).trimEnd();
  const caretAt = text.slice(from, column - 1).replace(/[^\t]/g, " ");
  return [
    ...(before === undefined || before.trim() === ""
      ? []
      : [`  ${String(line - 1).padStart(gutter)} | ${shown(before)}`]),
    `> ${line} | ${shown(text)}`,
    `  ${" ".repeat(gutter)} | ${caretAt}^`,
  ].join("\n");
}

function readLines(file: string): readonly string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch {
    return [];
  }
}
