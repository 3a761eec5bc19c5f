// npm test: the whole gate. npm run check (--quick): the same without the slow tests. Further arguments go to vitest.
// Stops at the first step that fails. What a passing step prints is not shown; vitest's reporter ends with the line
// `N passed, N failed, N skipped`, so the tests come last.
import { ensureInstalled } from "./bootstrap.mjs";
import { buildJs, isJsStale } from "./build-js.mjs";
import { runTool } from "./tools.mjs";

const steps = [
  { name: "format", tool: "biome", args: ["format", "."], remedy: "npm run format" },
  { name: "lint", tool: "oxlint", args: ["--deny-warnings"] },
  { name: "types", tool: "tsc", args: ["-b"] },
  { name: "structure", tool: "scripts/check-structure.mjs", args: [] },
  { name: "rules", tool: "scripts/check-rules.mjs", args: [] },
];

const seconds = (startedAtMs) => `${((performance.now() - startedAtMs) / 1000).toFixed(1)} s`;
const report = (name, text) => console.log(`${name.padEnd(10)} ${text}`);

// What could not leave the process must not be needed inside it either: the suites of runs once more, with values checked.
const checked = {
  name: "checked",
  tool: "vitest",
  args: ["run", "test/unit/core", "test/unit/flow", "test/unit/rules", "test/conformance", "test/regression"],
  env: { MILLRACE_CHECK_VALUES: "1" },
};

function runStep({ name, tool, args, remedy, env }) {
  const startedAtMs = performance.now();
  const { status, output } = runTool(tool, args, "pipe", env);
  report(name, status === 0 ? seconds(startedAtMs) : `failed after ${seconds(startedAtMs)}`);
  if (status === 0) return;
  console.error(output.trimEnd());
  console.error(`\nThe gate stopped at "${name}".${remedy ? ` Mend it with: ${remedy}` : ""}`);
  process.exit(1);
}

async function build() {
  if (!isJsStale()) return;
  const startedAtMs = performance.now();
  await buildJs();
  report("build", seconds(startedAtMs));
}

const given = process.argv.slice(2);
const quick = given.includes("--quick");
const slow = ["test/e2e/**", "test/slow/**"];

ensureInstalled();
for (const step of steps) runStep(step);
await build();
if (!quick) runStep(checked);
report("tests", quick ? "without test/e2e and test/slow" : "all");
const vitestArgs = given.filter((arg) => arg !== "--quick");
const excluded = quick ? slow.flatMap((pattern) => ["--exclude", pattern]) : [];
process.exitCode = runTool("vitest", ["run", ...excluded, ...vitestArgs]).status;
