// Owns: reading the files that are checked, and what each of them imports.
import { readdirSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { codeOnly } from "./tokens.mjs";

// `from "…"`, `import "…"`, `import("…")`; the words between `import` and `from` tell whether only types come in.
const importing = /\b(?:(import|export)\b([^;'"()=]*?)\bfrom\s*|import\s*\(?\s*)(["'])/g;

/** A file: `path` from the root, `text`, and `code`, which is the text with comments and strings blanked. */
function read(root, path) {
  const text = readFileSync(root + path, "utf8");
  return { path, text, code: codeOnly(text) };
}

export function readSources(root, folder, extension) {
  return readdirSync(root + folder, { recursive: true })
    .map((name) => posix.join(folder, name.replaceAll("\\", "/")))
    .filter((path) => path.endsWith(extension))
    .sort()
    .map((path) => read(root, path));
}

/** `export function f() …` has no `from`, so each import is found by its specifier and read back from there. */
export function importsOf(file) {
  return [...file.code.matchAll(importing)].map((match) => {
    const start = match.index + match[0].length;
    const specifier = file.text.slice(start, file.text.indexOf(match[3], start));
    return { specifier, typeOnly: /^\s*type\b(?!\s*(?:,|from))/.test(match[2] ?? ""), at: match.index };
  });
}

/** The path from the root of what a relative specifier names, or undefined for a package. */
export function resolveImport(file, specifier) {
  if (!specifier.startsWith(".")) return undefined;
  return posix.join(posix.dirname(file.path), specifier).replace(/\.js$/, ".ts");
}

export function problem(file, at, message) {
  const line = file.text.slice(0, at).split("\n").length;
  return `${file.path}:${line} ${message}`;
}
