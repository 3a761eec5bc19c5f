// Owns: making one module of an entry file and all that is the user's own among what it imports.
// Does not own: which imports go in (`bundle-plugin`), where the result is kept (`bundle-cache`).
// Loads esbuild, which takes longer than all the rest of a start: only for a file that changed.

import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Esbuild from "esbuild";
import { type Asset, assetsIn } from "./assets.js";
import { type Sources, bundlePlugin } from "./bundle-plugin.js";
import { hasRenamedClass } from "./class-names.js";
import { CodeError } from "./code-error.js";
import { configFilesOf } from "./config-files.js";
import type { Host } from "./host.js";
import { bundleHead, sourceNames } from "./import-meta.js";
import { type InputTexts, readText } from "./input-texts.js";
import { columnWithout, withoutShifts } from "./map-shifts.js";
import { rootOf } from "./package-folder.js";
import { type SourcePlace, shownPlace } from "./source-place.js";

export type Bundle = {
  readonly code: string;
  readonly map: string;
  readonly inputs: InputTexts;
  readonly assets: readonly Asset[];
};

/** Names the versions of this package and of esbuild: a new one of either makes new bundles. */
const ownManifest = fileURLToPath(new URL("../package.json", import.meta.url));

/** An import takes four times as long: esbuild is CommonJS, whose exports Node would look for in its text first. */
const require = createRequire(import.meta.url);

let open = 0;

/** The bundle as it will lie in `folder`. Throws `FLOW_FILE_SYNTAX` and `IMPORT_NOT_FOUND`. */
export async function makeBundle(entry: string, folder: string, host: Host): Promise<Bundle> {
  const sources: Sources = { root: rootOf(entry), texts: new Map(), shifts: new Map() };
  const { texts } = sources;
  const esbuild: typeof Esbuild = require("esbuild");
  open++;
  try {
    const options = optionsFor(entry, folder, host, sources);
    let built = outputsOf(await esbuild.build(options));
    if (hasRenamedClass(built.code, texts.values()))
      built = outputsOf(await esbuild.build({ ...options, keepNames: true }));
    const config = [ownManifest, ...configFilesOf(texts.keys())].map((path) => [path, readText(path) ?? null] as const);
    const assets = [...texts].flatMap(([path, text]) => assetsIn(path, text));
    const map = withoutShifts(built.map, join(folder, "bundle.mjs"), sources.shifts);
    return { code: built.code, map, assets, inputs: Object.fromEntries([...texts, ...config]) };
  } catch (error) {
    throw buildError(error, sources);
  } finally {
    open--;
    // Its service is a child process, which nobody needs any more.
    if (open === 0) await esbuild.stop();
  }
}

function outputsOf({ outputFiles = [] }: Esbuild.BuildResult): { readonly code: string; readonly map: string } {
  const textOf = (isMap: boolean): string =>
    outputFiles.find(({ path }) => path.endsWith(".map") === isMap)?.text ?? "";
  return { code: textOf(false), map: textOf(true) };
}

function optionsFor(entry: string, folder: string, host: Host, sources: Sources): Esbuild.BuildOptions {
  return {
    // Comments in the code name sources from here on: they must not differ by where the process was started.
    absWorkingDir: sources.root,
    entryPoints: [entry],
    outfile: join(folder, "bundle.mjs"),
    write: false,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20.19",
    // Without a list of its own esbuild adds "module", which Node does not know.
    conditions: [],
    sourcemap: "external",
    sourcesContent: false,
    // Node runs every module that is imported, whatever its package says of side effects.
    ignoreAnnotations: true,
    logLevel: "silent",
    define: sourceNames,
    banner: { js: bundleHead(entry) },
    plugins: [bundlePlugin(host, folder, sources)],
  };
}

/** esbuild's first message as an error of ours. */
function buildError(error: unknown, sources: Sources): unknown {
  const messages: unknown = error instanceof Error && "errors" in error ? error.errors : undefined;
  if (!isMessages(messages)) return error;
  const [first] = messages;
  if (first === undefined) return error;
  const place = placeOf(first, sources);
  const code = first.text.startsWith("Could not resolve") ? "IMPORT_NOT_FOUND" : "FLOW_FILE_SYNTAX";
  return new CodeError(code, place === undefined ? first.text : `${shownPlace(place)}: ${first.text}`, {
    place,
    cause: error,
  });
}

const isMessages = (value: unknown): value is readonly Esbuild.Message[] => Array.isArray(value);

function placeOf({ location }: Esbuild.Message, { root, shifts }: Sources): SourcePlace | undefined {
  if (location === null) return undefined;
  const file = resolve(root, location.file);
  const { line, column } = location;
  return { file, line, column: 1 + columnWithout(shifts.get(file), line - 1, column) };
}
