// Owns: whether a bundle gave a class another name than its source did. Errors are known by the names of their classes.
// N1. Two modules of a bundle may each have a class of one name, or one that a package's import has too; esbuild then
//     numbers them. One that refers to itself gets an underscore. esbuild can keep the names of all functions and classes,
//     but at a third of a microsecond each time a function is made: too much for a loop inside a task, so that is asked
//     for only where a class was renamed.

const declared = /\bclass\s+([\w$]+)/g;
const bundled = /\bclass\s+([\w$]+)|([\w$]+) = (?=class\b)/g;

/** Words after "class" in comments and strings count too: they are the same in both. */
export function hasRenamedClass(code: string, sources: Iterable<string>): boolean {
  const known = new Set(["extends"]);
  for (const source of sources) for (const [, name = ""] of source.matchAll(declared)) known.add(name);
  for (const match of code.matchAll(bundled)) {
    const name = match[1] ?? match[2] ?? "";
    if (!known.has(name) && known.has(name.replace(/^_|\d+$/g, ""))) return true;
  }
  return false;
}
