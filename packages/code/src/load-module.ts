// Owns: loading a user's file as a module: as it is, or as a bundle from the cache.
// Does not own: what in it is a flow (`flow-exports`), what to say when it fails (`load-failure`).
// L1. esbuild is loaded only where a bundle is missing or older than its sources.

import { realpathSync } from "node:fs";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";
import { CodeError } from "./code-error.js";
import { type Code, codeOf } from "./code-of.js";
import { type Host, findsHost } from "./host.js";
import { loadFailure } from "./load-failure.js";
import { noteBundle } from "./loaded-bundles.js";
import { isFile, isFolder } from "./package-folder.js";
import { shownPath } from "./source-place.js";

export type LoadedModule = {
  /** Absolute, links followed. */
  readonly file: string;
  readonly exports: Readonly<Record<string, unknown>>;
};

const asIs: ReadonlySet<string> = new Set([".js", ".mjs", ".cjs"]);
const toBundle: ReadonlySet<string> = new Set([".ts", ".mts", ".cts", ".tsx", ".jsx"]);

export async function loadModule(path: string, host: Host): Promise<LoadedModule> {
  const file = sourceFile(path);
  if (asIs.has(extname(file)) && findsHost(file, host))
    return importSource(file, pathToFileURL(file).href, [file], host);
  const bundle = await codeOf(file, host);
  // From now on stacks name sources. It costs a few microseconds for each stack that is read.
  process.setSourceMapsEnabled(true);
  return importSource(file, noteBundle(bundle.path, bundle.root), sourcesOf(bundle), host);
}

/** The file itself, or an error that says what is there instead. */
function sourceFile(path: string): string {
  if (!isFile(path)) throw new CodeError("FILE_NOT_FOUND", missing(path));
  const file = realpathSync(path);
  if (asIs.has(extname(file)) || toBundle.has(extname(file))) return file;
  const known = [...asIs, ...toBundle].join(", ");
  throw new CodeError("NOT_A_FLOW_FILE", `${shownPath(file)} is no flow file: its name must end in one of ${known}`);
}

function missing(path: string): string {
  if (isFolder(path)) return `${shownPath(path)} is a folder: name the flow file in it`;
  const near = [...toBundle, ...asIs].map((extension) => path + extension).find(isFile);
  return `there is no file ${shownPath(path)}: ${near === undefined ? "check its path" : `did you mean ${shownPath(near)}?`}`;
}

/** `module`: its URL. */
async function importSource(
  file: string,
  module: string,
  sources: readonly string[],
  host: Host,
): Promise<LoadedModule> {
  try {
    return { file, exports: await import(module) };
  } catch (error) {
    throw await loadFailure(error, file, sources, host);
  }
}

/** The entry is among them; configuration is not. */
function sourcesOf({ inputs }: Code): readonly string[] {
  return Object.keys(inputs).filter((path) => asIs.has(extname(path)) || toBundle.has(extname(path)));
}
