// Owns: what a bundled module sees of where it is: `import.meta`, `__filename`, `__dirname` and `require` mean its source.
// M1. esbuild puts a variable in place of each of these; every module that uses one declares it in front of its own text,
//     on the line of its first statement, so that lines stay what they are.

import { dirname } from "node:path";
import { pathToFileURL } from "node:url";
import { marksHead } from "./marks.js";

const meta = "__millrace_meta";
const filename = "__millrace_filename";
const folder = "__millrace_dirname";
const resolvePackage = "__millrace_resolve";

/** For esbuild's `define`. */
export const sourceNames = { "import.meta": meta, __filename: filename, __dirname: folder };

/** In front of the whole bundle, where `import.meta` is the bundle's own. CommonJS modules inside it need `require`. */
export function bundleHead(entry: string): string {
  return [
    `import { createRequire as __millrace_require } from "node:module";`,
    `const require = __millrace_require(${JSON.stringify(entry)});`,
    `const ${resolvePackage} = (specifier) => import.meta.resolve(specifier);`,
    marksHead,
  ].join(" ");
}

/** The declarations that the text of a module needs, in one line. */
export function sourceDeclarations(text: string, path: string): string {
  return [
    ...(text.includes("import.meta") ? [`const ${meta} = ${metaOf(path)};`] : []),
    ...(text.includes("__filename") ? [`const ${filename} = ${JSON.stringify(path)};`] : []),
    ...(text.includes("__dirname") ? [`const ${folder} = ${JSON.stringify(dirname(path))};`] : []),
  ].join(" ");
}

function metaOf(path: string): string {
  const url = JSON.stringify(pathToFileURL(path).href);
  const isRelative = `/^(?:\\.{0,2}\\/|file:|node:|data:)/.test(specifier)`;
  const resolve = `(specifier) => ${isRelative} ? new URL(specifier, ${url}).href : ${resolvePackage}(specifier)`;
  return `{ url: ${url}, filename: ${JSON.stringify(path)}, dirname: ${JSON.stringify(dirname(path))}, resolve: ${resolve} }`;
}
