// Owns: a place in a user's source file, and finding it in the stack of an error.
// Does not own: mapping bundles back to sources: stacks name the sources already (`bundled-module` switches that on).

import { relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

/** Lines and columns count from 1. */
export type SourcePlace = { readonly file: string; readonly line: number; readonly column: number };

const framePlace = /(?:^|\()((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/;

/** Where in the user's own code an error came from: the first frame that lies neither in a package nor in `hostFolders`. */
export function placeOfStack(stack: string | undefined, hostFolders: readonly string[] = []): SourcePlace | undefined {
  for (const line of stack?.split("\n") ?? []) {
    if (!/^\s*at /.test(line)) continue;
    const [, path, row, column] = framePlace.exec(line.trim().replace(/^at (?:async )?(?=\/|file:)/, "")) ?? [];
    if (path === undefined) continue;
    const file = path.startsWith("file:") ? fileURLToPath(path) : path;
    if (isOwn(file, hostFolders)) return { file, line: Number(row), column: Number(column) };
  }
  return undefined;
}

function isOwn(file: string, hostFolders: readonly string[]): boolean {
  if (file.includes(`${sep}node_modules${sep}`)) return false;
  return !hostFolders.some((folder) => file.startsWith(folder + sep));
}

/** As a person at the shell would type it. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith(`..${sep}..${sep}..`) ? file : path;
}

export const shownPlace = ({ file, line, column }: SourcePlace): string => `${shownPath(file)}:${line}:${column}`;
