// Owns: which imports go into a bundle, and what the others become.
// R1. The user's own files go in. A package stays outside, so that it is loaded once and as it is; one that is written in
//     TypeScript and only linked into node_modules (a workspace) goes in, because Node could not load it.
// R2. An import that stays outside must mean the same from the bundle's folder as from its source: where it would not, it
//     becomes the address of the file.
// R3. What cannot be found stays as it is written: it may stand in a branch that is never reached.

import { readFile } from "node:fs/promises";
import { isBuiltin } from "node:module";
import { dirname, extname, relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { ImportKind, Loader, OnLoadResult, OnResolveArgs, OnResolveResult, Plugin, PluginBuild } from "esbuild";
import { type Host, isHostImport } from "./host.js";
import { sourceDeclarations } from "./import-meta.js";
import { type Shift, withMarks } from "./marks.js";
import { packageFolder, packageName } from "./package-folder.js";

const loaders: Readonly<Record<string, Loader>> = {
  ".ts": "ts",
  ".mts": "ts",
  ".cts": "ts",
  ".tsx": "tsx",
  ".js": "jsx",
  ".mjs": "js",
  ".cjs": "js",
  ".jsx": "jsx",
  ".json": "json",
};
const isTypeScript = /\.[cm]?tsx?$/;
/** Given to our own question, which would come back to us otherwise. */
const asked = { millrace: "asked" };

/** What becomes of sources on their way into the bundle. */
export type Sources = {
  /** The folder that paths in marks begin at. */
  readonly root: string;
  /** Filled with what each bundled file said when it was read. */
  readonly texts: Map<string, string>;
  /** Filled with what was put in front of each. */
  readonly shifts: Map<string, Shift>;
};

export function bundlePlugin(host: Host, folder: string, sources: Sources): Plugin {
  return {
    name: "millrace",
    setup(build) {
      build.onResolve({ filter: /^[^./#]/ }, (args) => resolveImport(build, args, host, folder));
      build.onLoad({ filter: /./, namespace: "file" }, (args) => loadFile(args.path, sources));
    },
  };
}

async function resolveImport(
  build: PluginBuild,
  args: OnResolveArgs,
  host: Host,
  folder: string,
): Promise<OnResolveResult | undefined> {
  const { path: specifier, kind, importer, resolveDir } = args;
  if (kind === "entry-point" || args.pluginData === asked) return undefined;
  if (isHostImport(specifier)) return outside(kind, fileURLToPath(host.resolve(specifier)));
  if (isBuiltin(specifier) || /^[a-z]+:/.test(specifier)) return { path: specifier, external: true };
  const found = await build.resolve(specifier, { kind, importer, resolveDir, pluginData: asked });
  const asWritten = { path: specifier, external: true };
  if (found.errors.length > 0 || found.namespace !== "file") return asWritten;
  const isOutside = found.path.includes(`${sep}node_modules${sep}`);
  const home = packageFolder(resolveDir, packageName(specifier));
  // Without a package of that name it is a path of the project, as tsconfig's `paths` make them.
  if (!isOutside && (home === undefined || isTypeScript.test(found.path))) return { path: found.path };
  const isSame = home === packageFolder(folder, packageName(specifier));
  return isSame ? asWritten : outside(kind, found.path);
}

/** A file by its address: `import` takes URLs, `require` takes paths. */
function outside(kind: ImportKind, file: string): OnResolveResult {
  return { path: kind.startsWith("require") ? file : pathToFileURL(file).href, external: true };
}

/** esbuild reads nothing by itself: what is recorded is exactly what was bundled. */
async function loadFile(path: string, { root, texts, shifts }: Sources): Promise<OnLoadResult | undefined> {
  const loader = loaders[extname(path)];
  if (loader === undefined) return undefined;
  const text = await readFile(path, "utf8");
  texts.set(path, text);
  if (loader === "json") return { contents: text, loader };
  const marked = withMarks(text, relative(root, path), sourceDeclarations(text, path));
  shifts.set(path, marked.shift);
  return { contents: marked.text, loader, resolveDir: dirname(path) };
}
