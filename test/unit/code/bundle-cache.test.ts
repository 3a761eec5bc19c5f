import { existsSync, readFileSync, readdirSync, renameSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { loadFlow } from "@millrace/code";
import { expect, it } from "vitest";
import { type TempProject, tempProject } from "./temp-project.js";

const require = createRequire(import.meta.url);
const esbuild = require.resolve("esbuild");

const flowFile = (name: string): string => `import { flow } from "millrace"; export const a = flow(${name});`;

async function nameOf({ folder, host }: TempProject, path = "flow.ts"): Promise<string> {
  return (await loadFlow(join(folder, path), host)).flow.name;
}

/** Whether esbuild was loaded meanwhile. */
async function bundles(action: () => Promise<unknown>): Promise<boolean> {
  delete require.cache[esbuild];
  await action();
  return esbuild in require.cache;
}

const cacheOf = (project: TempProject, path = "flow.ts"): string =>
  join(project.folder, "node_modules/.cache/millrace", path);

it("a file that did not change is loaded without esbuild", async () => {
  const project = tempProject({ "flow.ts": flowFile("'one'") });
  expect(await bundles(() => nameOf(project))).toBe(true);
  expect(await bundles(() => nameOf(project))).toBe(false);
  const names = readdirSync(cacheOf(project)).map((name) => name.replace(/^[0-9a-f]{32}(?=\.mjs)/, "HASH"));
  expect(names.toSorted()).toEqual(["HASH.mjs", "HASH.mjs.map", "bundle.json"]);
});

const inputs = {
  "the file itself": { "flow.ts": flowFile("'new'") },
  "a module it imports": { "b.ts": `export const b = "new";` },
  "data it imports": { "c.json": `{ "c": "new" }` },
  "tsconfig.json, which was not there": {
    "tsconfig.json": `{ "compilerOptions": { "paths": { "#d": ["./new.ts"] } } }`,
  },
  "the package.json that says what a name of the project means": {
    "package.json": `{ "type": "module", "imports": { "#d": "./new.ts" } }`,
  },
};

it.each(Object.entries(inputs))("a change is seen: %s", async (_what, files) => {
  const project = tempProject({
    "package.json": `{ "type": "module", "imports": { "#d": "./d.ts" } }`,
    "flow.ts": `import { b } from "./b.js"; import c from "./c.json"; import { d } from "#d"; ${flowFile("[b, c.c, d].join(' ')")}`,
    "b.ts": `export const b = "b";`,
    "c.json": `{ "c": "c" }`,
    "d.ts": `export const d = "d";`,
    "new.ts": `export const d = "new";`,
  });
  expect(await nameOf(project)).toBe("b c d");
  for (const [path, text] of Object.entries(files)) project.write(path, text);
  expect(await nameOf(project)).toContain("new");
});

it("going back to what was before works as well", async () => {
  const project = tempProject({ "flow.ts": flowFile("'one'") });
  const names: string[] = [];
  for (const name of ["one", "two", "one"]) {
    project.write("flow.ts", flowFile(`'${name}'`));
    names.push(await nameOf(project));
  }
  expect(names).toEqual(["one", "two", "one"]);
});

it("a project that was copied or moved has bundles of its own", async () => {
  const project = tempProject({ "old/flow.ts": flowFile("import.meta.filename"), "old/package.json": "{}" });
  project.write("old/node_modules/x/index.js", "");
  await nameOf(project, "old/flow.ts");
  renameSync(join(project.folder, "old"), join(project.folder, "new"));
  project.write("old/flow.ts", flowFile("import.meta.filename"));
  expect(await nameOf(project, "new/flow.ts")).toBe(join(project.folder, "new/flow.ts"));
});

it("another Millrace that loads the same file has bundles of its own", async () => {
  const project = tempProject({ "flow.ts": `import { copy } from "millrace"; ${flowFile("copy")}` });
  await nameOf(project);
  const other = tempProject();
  expect(await nameOf({ ...project, host: other.host })).toBe(other.host.resolve("millrace"));
});

it("a file outside of any project has its bundle in .millrace beside it, out of git's sight", async () => {
  const project = tempProject();
  // Where a file lies in the way, nothing can be written.
  project.write("node_modules/.cache", "in the way");
  project.write("flow.ts", flowFile("'one'"));
  expect(await nameOf(project)).toBe("one");
  expect(existsSync(join(project.folder, ".millrace/flow.ts/bundle.json"))).toBe(true);
  expect(readFileSync(join(project.folder, ".millrace/.gitignore"), "utf8")).toBe("*\n");
  expect(await bundles(() => nameOf(project))).toBe(false);
});

it.each(["", "{", "null", "[]", `{"format":1}`, `{"format":999}`])(
  "a record that says %j is made anew",
  async (text) => {
    const project = tempProject({ "flow.ts": flowFile("'one'") });
    await nameOf(project);
    writeFileSync(join(cacheOf(project), "bundle.json"), text);
    expect(await nameOf(project)).toBe("one");
    expect(await bundles(() => nameOf(project))).toBe(false);
  },
);

it("loading one file many times at once leaves one whole bundle", async () => {
  const project = tempProject({ "flow.ts": flowFile("'one'") });
  const names = await Promise.all(Array.from({ length: 8 }, () => nameOf(project)));
  expect(new Set(names)).toEqual(new Set(["one"]));
  expect(readdirSync(cacheOf(project))).toHaveLength(3);
});

it("bundles that were left long ago are removed by the next one", async () => {
  const project = tempProject({ "flow.ts": flowFile("'one'") });
  await nameOf(project);
  const old = readdirSync(cacheOf(project)).filter((name) => name !== "bundle.json");
  for (const name of old) utimesSync(join(cacheOf(project), name), 1, 1);
  project.write("flow.ts", flowFile("'two'"));
  await nameOf(project);
  expect(readdirSync(cacheOf(project))).toHaveLength(3);
  expect(readdirSync(cacheOf(project))).not.toContain(old[0]);
});
