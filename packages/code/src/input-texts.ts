// Owns: the texts that a bundle was made of, and whether they are still the same.
// T1. Texts are compared, not hashes of them: reading is needed for both, and loading node:crypto alone costs more than
//     comparing a flow's sources.

import { readFileSync } from "node:fs";

/** By absolute path; null: there was no such file. */
export type InputTexts = Readonly<Record<string, string | null>>;

export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

export function areUnchanged(inputs: InputTexts): boolean {
  return Object.entries(inputs).every(([path, text]) => (readText(path) ?? null) === text);
}
