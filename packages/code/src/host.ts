// Owns: the Millrace that loads user code, and which imports mean it.
// H1. Every flow file gets the host's copy of `millrace` and `@millrace/*`, whichever its folder would find: with two
//     copies `context()` and the registries of tasks would be two (each knows only what went through it).

import { realpathSync } from "node:fs";
import { dirname, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { packageFolder } from "./package-folder.js";

export interface Host {
  /** The URL of a module of the host, as `import.meta.resolve` gives it in the host's own code; throws if there is none. */
  resolve(specifier: string): string;
}

export const isHostImport = (specifier: string): boolean => /^(?:millrace|@millrace\/[^/]+)(?:\/|$)/.test(specifier);

/** Whether an import of `millrace` in this file finds the host's copy without our help. */
export function findsHost(file: string, host: Host): boolean {
  const folder = packageFolder(dirname(file), "millrace");
  if (folder === undefined) return false;
  return fileURLToPath(host.resolve("millrace")).startsWith(realpathSync(folder) + sep);
}

/** Where the host's own code lies: frames of a stack that are no user's. */
export function hostFolders(host: Host): readonly string[] {
  const modules = [import.meta.url, host.resolve("millrace"), host.resolve("@millrace/core")];
  return modules.map((url) => dirname(fileURLToPath(url)));
}
