// Owns: the code of one source file: its bundle with everything of the user's that it imports, by its hash.
// Does not own: making and keeping bundles (`bundle`, `bundle-cache`), loading them.

import { type StoredBundle, findBundle, storeBundle } from "./bundle-cache.js";
import { writableFolder } from "./cache-folder.js";
import { CodeError } from "./code-error.js";
import type { Host } from "./host.js";
import { rootOf } from "./package-folder.js";
import { shownPath } from "./source-place.js";

export type Code = StoredBundle & {
  /** Absolute, links followed. */
  readonly entry: string;
  /** The folder that source paths in keys begin at. */
  readonly root: string;
};

/** From the cache, or made now. Throws `FLOW_FILE_SYNTAX` and `IMPORT_NOT_FOUND`. */
export async function codeOf(entry: string, host: Host): Promise<Code> {
  const bundle = findBundle(entry, host.resolve("millrace")) ?? (await newBundle(entry, host));
  return { ...bundle, entry, root: rootOf(entry) };
}

async function newBundle(entry: string, host: Host): Promise<StoredBundle> {
  const { makeBundle } = await import("./bundle.js");
  const folder = writableFolder(entry);
  return storeBundle(folder, entry, host.resolve("millrace"), await makeBundle(entry, folder, host));
}

/** Throws `CODE_NEEDS_ITS_FILES`: what reaches for files beside its source runs on the machine that has them only. */
export function checkPortable({ entry, assets }: Code): void {
  const [first, ...more] = assets;
  if (first === undefined) return;
  const place = { file: first.file, line: first.line, column: 1 };
  const others = more.length === 0 ? "" : ` (and ${more.length} more)`;
  const remedy = "pass what is in the file as an argument, or let the task fetch it";
  throw new CodeError(
    "CODE_NEEDS_ITS_FILES",
    `${shownPath(first.file)}:${first.line}: ${first.text}${others} reaches for a file beside the source, which another machine does not have. To run ${shownPath(entry)} there, ${remedy}`,
    { place },
  );
}
