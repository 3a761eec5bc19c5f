// No file may need itself to be loaded. Type imports vanish when built and so make no cycle.
import { importsOf, problem, resolveImport } from "./sources.mjs";

function targetsOf(file, byPath) {
  return importsOf(file)
    .filter(({ typeOnly }) => !typeOnly)
    .map(({ specifier, at }) => ({ target: byPath.get(resolveImport(file, specifier)), at }))
    .filter(({ target }) => target !== undefined);
}

/** Depth first; a file that is met while it is still on the way closes a cycle. Each file is entered once. */
export function checkCycles(files) {
  const byPath = new Map(files.map((file) => [file.path, file]));
  const done = new Set();
  const way = [];
  const problems = [];

  function visit(file) {
    way.push(file);
    for (const { target, at } of targetsOf(file, byPath)) {
      const start = way.indexOf(target);
      if (start >= 0) {
        const names = [...way.slice(start), target].map(({ path }) => path);
        problems.push(problem(file, at, `closes a cycle: ${names.join(" > ")}`));
      } else if (!done.has(target)) visit(target);
    }
    way.pop();
    done.add(file);
  }

  for (const file of files) if (!done.has(file)) visit(file);
  return problems;
}
