// The fence around the pure core: no time, no chance, no waiting, no world. What decides is given events and the time,
// so that a run can be replayed and a test needs no clock. All of the core reads the clock in one file.
import { importsOf, problem, resolveImport } from "./sources.mjs";

const core = "packages/executor-core/src/";
const distributed = "packages/executor-distributed/src/";
const pure = [
  ...["work", "values", "states", "graph", "scheduler"].map((folder) => `${core}${folder}/`),
  ...["protocol", "session", "placement", "worker/state", "client/state"].map((folder) => `${distributed}${folder}/`),
];
// What the codec of values asks of Node is a function of its input.
const exempt = { [`${core}values/codec/native.ts`]: ["node:buffer", "node:util"] };
// Two copies of the package in one thread share a table.
const exemptWords = { [`${core}values/codec/type-registry.ts`]: ["globalThis"] };
const clockFile = `${core}run/real-clock.ts`;

// Neither after a dot nor as a key: `options.process` and `{ process: 1 }` are names of ours.
const impure =
  /(?<![.\w$])(?:Date\.now|new\s+Date(?!\([^)])|Math\.random|performance|setTimeout|setInterval|setImmediate|queueMicrotask|Promise|async|await|process|globalThis)\b(?!\??:)/g;
const clock = /(?<![\w$])(?:Date\.now|performance\.now|setTimeout|setInterval|setImmediate)\b/g;
const clockModule = /^(?:node:)?(?:timers|perf_hooks)(?:\/|$)/;

function checkImports(file) {
  return importsOf(file)
    .filter(({ specifier }) => resolveImport(file, specifier) === undefined && specifier !== "@millrace/core/pure")
    .filter(({ specifier }) => !exempt[file.path]?.includes(specifier))
    .map(({ specifier, at }) => problem(file, at, `imports ${specifier}: pure folders import only from the core`));
}

function checkPure(file) {
  const words = [...file.code.matchAll(impure)].filter(([word]) => !exemptWords[file.path]?.includes(word));
  return [
    ...checkImports(file),
    ...words.map((word) => problem(file, word.index, `uses ${word[0]}, which a pure folder may not`)),
  ];
}

function checkClock(file) {
  const words = [...file.code.matchAll(clock)];
  const modules = importsOf(file).filter(({ specifier }) => clockModule.test(specifier));
  return [
    ...words.map((word) => problem(file, word.index, `uses ${word[0]}: only ${clockFile} reads the clock`)),
    ...modules.map(({ specifier, at }) => problem(file, at, `imports ${specifier}: only ${clockFile} reads the clock`)),
  ];
}

/** A pure folder's imports lead into pure folders alone; what other packages have of the core they have by `pure.ts`. */
function checkFence(file) {
  return importsOf(file)
    .map(({ specifier, at }) => ({ target: resolveImport(file, specifier), at }))
    .filter(({ target }) => target !== undefined && !pure.some((start) => target.startsWith(start)))
    .map(({ target, at }) => problem(file, at, `imports ${target}, which is not pure`));
}

export function checkPurity(files) {
  return files.flatMap((file) => {
    if (file.path === `${core}pure.ts`) return checkFence(file);
    if (file.path.startsWith(distributed) && pure.some((start) => file.path.startsWith(start)))
      return [...checkPure(file), ...checkFence(file)];
    if (!file.path.startsWith(core) || file.path === clockFile) return [];
    return pure.some((start) => file.path.startsWith(start)) ? checkPure(file) : checkClock(file);
  });
}
