// Owns: where Node looks for an imported package, and which project a file belongs to.

import { statSync } from "node:fs";
import { basename, dirname, join } from "node:path";

export const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
export const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;

/** `folder` and all above it, from the inside out. */
export function* foldersFrom(folder: string): Generator<string> {
  let at = folder;
  for (;;) {
    yield at;
    const above = dirname(at);
    if (above === at) return;
    at = above;
  }
}

/** The name of the package that a bare specifier imports from: `@a/b/c.js` is of `@a/b`. */
export function packageName(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/** The folder that an import of the package finds from `from` on; links are not followed. */
export function packageFolder(from: string, name: string): string | undefined {
  for (const folder of foldersFrom(from)) {
    if (basename(folder) === "node_modules") continue;
    const found = join(folder, "node_modules", name);
    if (isFolder(found)) return found;
  }
  return undefined;
}

/** What the paths of sources begin at in the code of this entry: marks, keys, comments. */
export const rootOf = (entry: string): string => projectFolder(dirname(entry)) ?? dirname(entry);

/** The nearest folder with a package.json and installed packages: a member of a workspace may have none of its own. */
export function projectFolder(from: string): string | undefined {
  for (const folder of foldersFrom(from)) {
    if (isFile(join(folder, "package.json")) && isFolder(join(folder, "node_modules"))) return folder;
  }
  return undefined;
}
