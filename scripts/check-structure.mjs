// What lint cannot say about the sources: the direction of imports, the purity fence, cycles, sizes, escapes.
// Each check takes the files and gives its problems as `path:line what`.
import { root } from "./bootstrap.mjs";
import { checkCycles } from "./structure/cycles.mjs";
import { checkDirection } from "./structure/direction.mjs";
import { checkEscapes } from "./structure/escapes.mjs";
import { checkPurity } from "./structure/purity.mjs";
import { checkSizes } from "./structure/sizes.mjs";
import { readSources } from "./structure/sources.mjs";

const packages = [
  "packages/executor-core",
  "packages/code",
  "packages/executor-local",
  "packages/executor-distributed",
  "packages/testing",
  "packages/millrace",
];

const sources = packages.flatMap((folder) => readSources(root, `${folder}/src`, ".ts"));
const scripts = readSources(root, "scripts", ".mjs");

const problems = [
  ...checkDirection(sources),
  ...checkPurity(sources),
  ...checkCycles(sources),
  ...checkSizes([...sources, ...scripts]),
  ...checkEscapes(sources, root),
];

for (const problem of new Set(problems)) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
