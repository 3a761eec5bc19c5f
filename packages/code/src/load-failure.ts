// Owns: what a failed import of a user's file means: a wrong line, a missing package, or code that threw.
// Does not own: errors that esbuild finds (`bundle`); a plain JavaScript file is shown to it when Node says too little.

import { fileURLToPath } from "node:url";
import { CodeError } from "./code-error.js";
import { errorTexts, isError } from "./error-texts.js";
import { type Host, hostFolders } from "./host.js";
import { readText } from "./input-texts.js";
import { type SourcePlace, placeOfStack, shownPath, shownPlace } from "./source-place.js";

/** `sources` are the user's files that were loaded. */
export async function loadFailure(
  error: unknown,
  file: string,
  sources: readonly string[],
  host: Host,
): Promise<CodeError> {
  const found = importMistake(error, sources, host);
  if (found !== undefined) return found;
  const texts = errorTexts(error);
  if (texts.code === "ERR_UNKNOWN_FILE_EXTENSION" && /\.[cm]?tsx? /.test(`${texts.message} `))
    return noTypeScript(texts.message, file, sources);
  const place = placeOfStack(texts.stack, hostFolders(host));
  // Without a frame of the user's it was the compiler: Node keeps the place of a syntax error to itself.
  if (texts.name === "SyntaxError" && place === undefined) {
    const syntax = await syntaxError(file, host);
    if (syntax !== undefined) return syntax;
  }
  const name = place === undefined ? shownPath(file) : shownPlace(place);
  return new CodeError("FLOW_FILE_THREW", `${name} threw while it was loaded: ${textOf(error)}`, {
    place,
    cause: error,
  });
}

/** Node loads no TypeScript before 22.18; what is bundled has none left. */
function noTypeScript(message: string, file: string, sources: readonly string[]): CodeError {
  const [path = "a TypeScript file"] = /\S+\.[cm]?tsx?(?=\s|$)/.exec(message) ?? [];
  const place = findText(sources, path);
  const where = place === undefined ? shownPath(file) : shownPlace(place);
  return new CodeError(
    "TYPESCRIPT_NOT_LOADED",
    `${where}: Node ${process.versions.node} cannot load ${shownPath(path)}, which is TypeScript: make ${shownPath(file)} TypeScript too and start it with millrace run, or start Node with node --import tsx`,
    { place },
  );
}

function textOf(error: unknown): string {
  const { name, message } = errorTexts(error);
  return isError(error) ? `${name}: ${message}` : `${message} (no Error, so its place is unknown)`;
}

/** An import of a package that is not there, or of a name that it does not export. */
function importMistake(error: unknown, sources: readonly string[], host: Host): CodeError | undefined {
  if (!isError(error)) return undefined;
  const { message } = errorTexts(error);
  const [, missing] = /^Cannot find (?:package|module) '([^']+)'/.exec(message) ?? [];
  if (missing !== undefined) {
    const remedy = missing.startsWith("/") || missing.startsWith(".") ? "check its path" : `npm install ${missing}`;
    return importError(`cannot find "${missing}": ${remedy}`, findText(sources, missing), error);
  }
  const [, module = "", name] = /module '([^']+)' does not provide an export named '([^']+)'/.exec(message) ?? [];
  if (name === undefined) return undefined;
  const from = module === host.resolve("millrace") ? "millrace" : shownModule(module);
  return importError(`"${from}" exports no ${JSON.stringify(name)}`, findImport(sources, name), error);
}

function importError(text: string, place: SourcePlace | undefined, cause: Error): CodeError {
  const message = place === undefined ? text : `${shownPlace(place)}: ${text}`;
  return new CodeError("IMPORT_NOT_FOUND", message, { place, cause });
}

const shownModule = (module: string): string =>
  module.startsWith("file:") ? shownPath(fileURLToPath(module)) : module;

/** Where an import of the module stands: of a package or a part of it, or of a path that ends alike. */
function findText(sources: readonly string[], module: string): SourcePlace | undefined {
  const [last = module] = module.split("/").slice(-1);
  const specifier = module.startsWith("/") ? `[^"']*${escaped(last)}` : `${escaped(module)}(?:/[^"']*)?`;
  const quoted = new RegExp(`["']${specifier}["']`);
  return findLine(sources, (line) => line.search(quoted));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

function findImport(sources: readonly string[], name: string): SourcePlace | undefined {
  const word = new RegExp(`(?<![\\w$])${name.replace(/\$/g, "\\$")}(?![\\w$])`);
  return findLine(sources, (line) =>
    /^\s*(?:import|export)\b|^\s*[\w$, ]+\s*$|\bfrom\b/.test(line) ? line.search(word) : -1,
  );
}

/** The first line in which `columnIn` finds something. */
function findLine(sources: readonly string[], columnIn: (line: string) => number): SourcePlace | undefined {
  for (const file of sources) {
    for (const [row, line] of (readText(file) ?? "").split("\n").entries()) {
      const at = columnIn(line);
      if (at >= 0) return { file, line: row + 1, column: at + 1 };
    }
  }
  return undefined;
}

async function syntaxError(file: string, host: Host): Promise<CodeError | undefined> {
  const { makeBundle } = await import("./bundle.js");
  try {
    await makeBundle(file, "/", host);
    return undefined;
  } catch (error) {
    return error instanceof CodeError ? error : undefined;
  }
}
