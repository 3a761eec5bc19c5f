// Checks docs/rules.md against the tests, both ways: the test that a row names exists and bears the row's id in its title
// as `[MAP-4]` or `[U3]`, and an id in a test's title has a row. The last cell of a row is one of
//   `test/unit/core/map.test.ts` `part of the title`    one or more of them; the part may be left out
//   differs: why                                         and a test where there is one
//   later
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { root } from "./bootstrap.mjs";
import { tokens } from "./structure/tokens.mjs";

const table = "docs/rules.md";
const idPattern = /^(?:[A-Z]+-\d+|[TU]\d+)$/;
const tagPattern = /\[([A-Z]+-\d+|[TU]\d+)\]/g;

function readRows() {
  const lines = readFileSync(root + table, "utf8").split("\n");
  return lines.flatMap((line, index) => {
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    const isRow = cells.length === 5 && cells[1] !== "id" && !cells[1].startsWith("-");
    return isRow ? [{ line: index + 1, id: cells[1], what: cells[2], where: cells[3] }] : [];
  });
}

/** Every string of a test file that bears an id: titles may be built by loops and tables, so calls are not looked at. */
function titlesIn(path) {
  const text = readFileSync(root + path, "utf8");
  const strings = [...tokens(text)].filter(({ kind }) => kind === "string");
  return strings.map(({ start, end }) => text.slice(start, end)).filter((title) => title.search(tagPattern) >= 0);
}

function readTitles() {
  const names = existsSync(`${root}test`) ? readdirSync(`${root}test`, { recursive: true }) : [];
  const paths = names.filter((name) => name.endsWith(".test.ts")).map((name) => `test/${name.replaceAll("\\", "/")}`);
  return new Map(paths.map((path) => [path, titlesIn(path)]));
}

/** The tests that a cell names: each path with the parts of titles in backticks after it. */
function namedTests(where) {
  const tests = [];
  for (const [, quoted] of where.matchAll(/`([^`]+)`/g)) {
    if (/^test\/.*\.test\.ts$/.test(quoted)) tests.push({ path: quoted, parts: [] });
    else tests.at(-1)?.parts.push(quoted);
  }
  return tests;
}

function checkTest({ path, parts }, id, titles) {
  if (!titles.has(path)) return [`${path} does not exist`];
  const tagged = titles.get(path).filter((title) => title.includes(`[${id}]`));
  if (tagged.length === 0) return [`${path} has no test whose title bears [${id}]`];
  const missing = parts.filter((part) => !tagged.some((title) => title.includes(part)));
  return missing.map((part) => `${path} has no test with [${id}] and "${part}" in its title`);
}

function checkRow({ id, what, where }, titles) {
  if (!idPattern.test(id)) return [`"${id}" is no rule id`];
  if (what === "") return [`${id} does not say what holds`];
  if (where === "later") return [];
  const tests = namedTests(where);
  const isKnown = tests.length > 0 || /^differs: \S/.test(where);
  if (!isKnown) return [`${id} names no test, and is neither "differs: why" nor "later"`];
  return tests.flatMap((test) => checkTest(test, id, titles));
}

/** A rule that a test holds is built: its row must say so. */
function checkTitles(titles, rows) {
  const built = new Set(rows.filter(({ where }) => where !== "later").map(({ id }) => id));
  return [...titles].flatMap(([path, inFile]) => {
    const ids = new Set(inFile.flatMap((title) => [...title.matchAll(tagPattern)].map(([, id]) => id)));
    const unknown = [...ids].filter((id) => !built.has(id));
    return unknown.map((id) => `${path} tests [${id}], which ${table} does not have as built`);
  });
}

const rows = readRows();
const titles = readTitles();
const twice = rows.filter(({ id }, index) => rows.findIndex((row) => row.id === id) !== index);
const problems = [
  ...twice.map(({ line, id }) => `${table}:${line} ${id} has a row already`),
  ...rows.flatMap((row) => checkRow(row, titles).map((message) => `${table}:${row.line} ${message}`)),
  ...checkTitles(titles, rows),
];

for (const problem of problems) console.error(problem);
process.exitCode = problems.length > 0 ? 1 : 0;
