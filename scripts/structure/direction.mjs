// Imports go one way. In the core each folder imports from itself and from those to its left; index.ts, pure.ts, seam.ts
// and internal.ts stand right of all. Between packages the order is core, code, local, testing, millrace, and only through what a package
// exports for them: itself and its seam.
import { importsOf, problem, resolveImport } from "./sources.mjs";

const core = "packages/executor-core/src/";
const folders = ["work", "values", "states", "graph", "scheduler", "run", "attempt", "executors", "flow"];
const packages = [
  { folder: "packages/executor-core/", name: "@millrace/core" },
  { folder: "packages/code/", name: "@millrace/code" },
  { folder: "packages/executor-local/", name: "@millrace/local" },
  { folder: "packages/executor-distributed/", name: "@millrace/distributed" },
  { folder: "packages/testing/", name: "@millrace/testing" },
  { folder: "packages/millrace/", name: "millrace" },
];

/** A folder of the core that the order does not know is an error, not an exemption. */
function rankInCore(path) {
  const inside = path.slice(core.length);
  if (["index.ts", "pure.ts", "seam.ts", "internal.ts"].includes(inside)) return folders.length;
  return folders.indexOf(inside.split("/")[0]);
}

function checkInCore(file, target, at) {
  const [from, to] = [rankInCore(file.path), rankInCore(target)];
  if (to < 0) return [problem(file, at, `imports ${target}, which is in no known folder of the core`)];
  if (to <= from) return [];
  return [problem(file, at, `imports ${target}: ${folders[from]} comes before ${folders[to] ?? "the entry files"}`)];
}

function checkPackage(file, specifier, at) {
  const from = packages.findIndex(({ folder }) => file.path.startsWith(folder));
  const to = packages.findIndex(({ name }) => specifier === name || specifier.startsWith(`${name}/`));
  if (to < 0) return [];
  if (to >= from) return [problem(file, at, `imports ${specifier}, which does not come before ${packages[from].name}`)];
  return [packages[to].name, `${packages[to].name}/seam`, "@millrace/core/pure"].includes(specifier)
    ? []
    : [problem(file, at, `imports ${specifier}: only "${packages[to].name}"`)];
}

function checkImport(file, { specifier, at }) {
  const target = resolveImport(file, specifier);
  if (target === undefined) return checkPackage(file, specifier, at);
  const home = file.path.match(/^packages\/[^/]+\/src\//)[0];
  if (!target.startsWith(home)) return [problem(file, at, `imports ${specifier}, which lies outside of its package`)];
  return home === core ? checkInCore(file, target, at) : [];
}

export function checkDirection(files) {
  const strays = files.filter((file) => file.path.startsWith(core) && rankInCore(file.path) < 0);
  return [
    ...strays.map((file) => problem(file, 0, `is in no known folder of the core (${folders.join(", ")})`)),
    ...files.flatMap((file) => importsOf(file).flatMap((found) => checkImport(file, found))),
  ];
}
