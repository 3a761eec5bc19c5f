import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compile, diagnosticsOf, root, writeFiles } from "../types/compile.js";

// A project of a user's: the packed packages and what they depend on, nothing of this repository above it, and the
// poorest settings. If a declaration names what such a project lacks, everything wrong compiles there in silence.
const packages = { "@millrace/core": "packages/executor-core", millrace: "packages/millrace" };
const dependencies = ["@types/node", "undici-types", "@dagrejs/graphlib"];
const poorest = { target: "es2022", lib: ["es2022"], types: [] };
let folder: string;

function run(command: string, args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stdout}${stderr}`);
  return stdout;
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-consumer-"));
  const paths = Object.values(packages);
  run(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-b", ...paths], root);
  for (const [name, path] of Object.entries(packages)) {
    const packed = mkdtempSync(join(folder, "packed-"));
    run("npm", ["pack", "--offline", "--ignore-scripts", "--pack-destination", packed], join(root, path));
    const [tarball = ""] = readdirSync(packed);
    const target = join(folder, "node_modules", name);
    mkdirSync(target, { recursive: true });
    run("tar", ["-xzf", join(packed, tarball), "-C", target, "--strip-components=1"], folder);
  }
  for (const name of dependencies) {
    const link = join(folder, "node_modules", name);
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, "node_modules", name), link);
  }
  writeFiles(folder, { "package.json": '{ "type": "module" }' });
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = (entry: string): string => `
import { type Ref, flow, param, settled, task, unmapped } from "${entry}";
declare const url: Ref<string>;
declare const count: Ref<number>;
const fetchPage = task("fetch-page", { retries: 1 }, async (address: string) => address);
const sum = task("sum", (xs: number[]) => xs.length);
const conf = task("conf", (c: { url: string; limit?: number; at: Date }) => c.url);
const good = flow("good", { params: { urls: param<string[]>() } }, (p) => sum([1, count, sum(sum.map([[1], [count]]))]));
const value: Promise<number> = good.run({ urls: [] });
const signal: AbortSignal = new AbortController().signal;
good.start({ urls: [] }, { signal });
`;

/** Each line must not compile. */
const wrong = [
  'sum(fetchPage("x"));',
  "sum([1, url]);",
  "conf({ url, limt: 3, at: new Date() });",
  "conf({ url: count, at: new Date() });",
  'conf({ url, at: "today" });',
  "fetchPage.map(url);",
  "sum.map([[1]], 4);",
  "sum(unmapped([1]));",
  "sum(settled(sum([1])));",
  "good.run({ urls: [1] });",
  "good.run({ urls: [] }, { signal: 3 });",
  "good.run({ urls: [] }, { executor: {} });",
  "good.start({ urls: [] }).then;",
  'task("x", { retires: 3 }, () => 1);',
  'flow("x", async () => 1);',
];

test.each(Object.keys(packages))(
  "a project without any types of its own is checked against %s",
  { timeout: 60_000 },
  (entry) => {
    const text = program(entry);
    const before = text.split("\n").length - 1;
    writeFiles(folder, { "main.ts": text + wrong.join("\n") });
    const found = diagnosticsOf(compile(folder, poorest, ["main.ts"]));
    expect(found.filter(({ file, line }) => file !== "main.ts" || line <= before)).toEqual([]);
    const caught = new Set(found.map(({ line }) => line - before - 1));
    expect(wrong.filter((_line, i) => !caught.has(i))).toEqual([]);
  },
);
