// Owns: which configuration files decide how a source file is bundled: tsconfig.json (paths, JSX, decorators) and
//       package.json (imports, module type). Does not own: what they mean; esbuild reads them.
// F1. A file that is not there counts as well: made later, it changes the bundle.

import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { readText } from "./input-texts.js";
import { foldersFrom } from "./package-folder.js";

/** Paths of those that were read for one of the sources, or looked for in vain. */
export function configFilesOf(sources: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const folder of new Set([...sources].map((source) => dirname(source)))) {
    addNearest(found, folder, "package.json");
    const tsconfig = addNearest(found, folder, "tsconfig.json");
    if (tsconfig !== undefined) addExtended(found, tsconfig);
  }
  return found;
}

/** All on the way up to the first that exists, and that one. */
function addNearest(found: Set<string>, from: string, name: string): string | undefined {
  for (const folder of foldersFrom(from)) {
    const path = join(folder, name);
    found.add(path);
    if (readText(path) !== undefined) return path;
  }
  return undefined;
}

/** tsconfig is JSON with comments, of which only this one key is wanted. */
function addExtended(found: Set<string>, tsconfig: string): void {
  const [, list] = /"extends"\s*:\s*("[^"]*"|\[[^\]]*\])/.exec(readText(tsconfig) ?? "") ?? [];
  for (const [, name = ""] of (list ?? "").matchAll(/"([^"]*)"/g)) {
    const path = resolveExtended(tsconfig, name);
    if (path === undefined || found.has(path)) continue;
    found.add(path);
    addExtended(found, path);
  }
}

function resolveExtended(tsconfig: string, name: string): string | undefined {
  if (name.startsWith(".") || name.startsWith("/")) {
    const path = resolve(dirname(tsconfig), name);
    return path.endsWith(".json") ? path : `${path}.json`;
  }
  try {
    return createRequire(tsconfig).resolve(name);
  } catch {
    return undefined;
  }
}
