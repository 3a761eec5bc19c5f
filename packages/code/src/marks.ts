// Owns: the marks around each module body of a bundle, by which `task` knows whose body runs: frames name the bundle (D7).
// K1. A mark stands on the line of the module's first statement, so that lines stay what they are; behind a hashbang and
//     behind directives, which count only where they stand first. `map-shifts` puts the columns of that line right.
// K2. A body that throws has no end and stays open; bodies that await are open together. `task-source` tells them apart.

const begin = "__millrace_begin";
const end = "__millrace_end";

/** In front of the whole bundle. Where no Millrace is loaded there is nothing to mark for. */
export const marksHead = [
  `const __millrace_modules = globalThis[Symbol.for("millrace/1/modules")];`,
  `const ${begin} = (source) => __millrace_modules?.begin(import.meta.url, source);`,
  `const ${end} = (source) => __millrace_modules?.end(import.meta.url, source);`,
].join(" ");

/** What was put in front of a first statement, `width` characters, and where: line and column count from 0. */
export type Shift = { readonly line: number; readonly column: number; readonly width: number };
export type Marked = { readonly text: string; readonly shift: Shift };

/** `declarations` are put in front of the first statement too. */
export function withMarks(text: string, source: string, declarations: string): Marked {
  const at = bodyStart(text);
  const name = JSON.stringify(source);
  const head = `${begin}(${name});${declarations} `;
  const before = text.slice(0, at);
  return {
    text: `${before}${head}${text.slice(at)}\n;${end}(${name});`,
    shift: { line: before.split("\n").length - 1, column: at - before.lastIndexOf("\n") - 1, width: head.length },
  };
}

/** Behind the hashbang, comments and directives. */
function bodyStart(text: string): number {
  const hashbang = /^#!.*\n?/.exec(text)?.[0].length ?? 0;
  const directive = /^(?:\s|\/\/.*\n|\/\*[^]*?\*\/)*(?:"[^"\\\n]*"|'[^'\\\n]*')\s*(?:;|(?=\n))/;
  let at = hashbang;
  for (let found = directive.exec(text.slice(at)); found !== null; found = directive.exec(text.slice(at))) {
    at += found[0].length;
  }
  return at;
}
