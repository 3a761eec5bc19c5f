// Owns: a place in a user's source file, and finding it in the stack of an error.
// S1. Stacks name the sources of bundles already (`load-module` switches that on), but where somebody else makes the text
//     of stacks (Error.prepareStackTrace) they name the bundle: such frames are mapped here.

import { findSourceMap } from "node:module";
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
    const file = pathOf(path);
    if (file === undefined) continue;
    const place = inSource({ file, line: Number(row), column: Number(column) });
    if (isOwn(place.file, hostFolders)) return place;
  }
  return undefined;
}

/** Undefined for what names no file: anybody can write a stack, and the maps of packages name what they like. */
function pathOf(pathOrUrl: string): string | undefined {
  if (pathOrUrl.startsWith("/")) return pathOrUrl;
  try {
    return fileURLToPath(pathOrUrl);
  } catch {
    return undefined;
  }
}

/** S1. */
export function inSource(place: SourcePlace): SourcePlace {
  const entry = findSourceMap(place.file)?.findEntry(place.line - 1, place.column - 1);
  if (entry === undefined || !("originalSource" in entry)) return place;
  const { originalSource, originalLine, originalColumn } = entry;
  const file = pathOf(originalSource);
  return file === undefined ? place : { file, line: originalLine + 1, column: originalColumn + 1 };
}

function isOwn(file: string, hostFolders: readonly string[]): boolean {
  if (file.includes(`${sep}node_modules${sep}`)) return false;
  return !hostFolders.some((folder) => file.startsWith(folder + sep));
}

/** Short where the file lies below the current folder. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}

export const shownPlace = ({ file, line, column }: SourcePlace): string => `${shownPath(file)}:${line}:${column}`;
