// Ways around the type checker and lint: casts, and comments that switch a check off. A file that needs one stands in
// scripts/casts.json with the reason, and says that reason in its head too. (Lint refuses `any` itself.)
import { readFileSync } from "node:fs";
import { problem } from "./sources.mjs";

// `import { a as b }`, `import * as a` and the `as` of a mapped type's key rename; they cast nothing.
const renames = /\b(?:import|export)\s+(?:type\s+)?(?:\{[^}]*\}|\*\s*as\s+\w+)|\[\s*\w+\s+in\b[^\n]*?\bas\b/g;
const cast = /\sas\s+(?!const\b)/g;
const switchedOff = /@ts-(?:ignore|expect-error|nocheck)|(?:oxlint|eslint)-disable/g;
const starExport = /\bexport\s*\*/g;

function escapesIn(file) {
  const code = file.code.replace(renames, (text) => text.replace(/[^\n]/g, " "));
  const casts = [...code.matchAll(cast)].map(({ index }) => ({ at: index + 1, what: "a cast (as)" }));
  const comments = [...file.text.matchAll(switchedOff)].map(({ index, 0: what }) => ({ at: index, what }));
  return [...casts, ...comments];
}

/** The comment lines before the first code, as one line of words. */
function headOf(file) {
  const codeAt = file.code.search(/\S/);
  return file.text
    .slice(0, codeAt < 0 ? undefined : codeAt)
    .replace(/^\s*(?:\/\/+|\/?\*+\/?)/gm, " ")
    .replace(/\s+/g, " ");
}

function checkListed(file, reason, found) {
  if (found.length === 0) return [problem(file, 0, "stands in scripts/casts.json but needs no escape any more")];
  return headOf(file).includes(reason) ? [] : [problem(file, 0, `does not say in its head: ${reason}`)];
}

export function checkEscapes(files, root) {
  const reasons = JSON.parse(readFileSync(`${root}scripts/casts.json`, "utf8"));
  const paths = new Set(files.map((file) => file.path));
  const gone = Object.keys(reasons).filter((path) => !paths.has(path));
  return [
    ...gone.map((path) => `scripts/casts.json names ${path}, which does not exist`),
    ...files.flatMap((file) => {
      const stars = [...file.code.matchAll(starExport)].map(({ index }) => problem(file, index, "uses export *"));
      const found = escapesIn(file);
      const reason = reasons[file.path];
      if (reason !== undefined) return [...stars, ...checkListed(file, reason, found)];
      const unlisted = found.map(({ at, what }) => problem(file, at, `has ${what}, and is not in scripts/casts.json`));
      return [...stars, ...unlisted];
    }),
  ];
}
