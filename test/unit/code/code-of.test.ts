// The code of a file by its hash: what changes it, what does not, and what keeps it on one machine.
import { readFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { checkPortable, codeOf } from "@millrace/code";
import { expect, test } from "vitest";
import { tempProject } from "./temp-project.js";

const files = {
  "tasks.ts": `import { helper } from "./helper.ts";\nexport const one = (): number => helper(1);\n`,
  "helper.ts": "// counts up\nexport const helper = (x: number): number => x + 1;\n",
};

test("the hash is that of the code as it lies on disk, without the line that names its map", async () => {
  const { folder, host } = tempProject(files);
  const { hash, path } = await codeOf(`${folder}/tasks.ts`, host);
  const code = readFileSync(path, "utf8").replace(/\/\/# sourceMappingURL=.*\n$/, "");
  expect(createHash("sha256").update(code).digest("hex")).toBe(hash);
});

test("one line that is edited gives another hash, a comment in another file's map does not", async () => {
  const { folder, host, write } = tempProject(files);
  const entry = `${folder}/tasks.ts`;
  const before = await codeOf(entry, host);
  expect((await codeOf(entry, host)).hash).toBe(before.hash);
  write("helper.ts", files["helper.ts"].replace("counts up", "counts up by one, as it always did"));
  const commented = await codeOf(entry, host);
  expect(commented.hash).toBe(before.hash);
  expect(commented.inputs).not.toEqual(before.inputs);
  write("helper.ts", files["helper.ts"].replace("x + 1", "x + 2"));
  expect((await codeOf(entry, host)).hash).not.toBe(before.hash);
  write("helper.ts", files["helper.ts"]);
  expect((await codeOf(entry, host)).hash).toBe(before.hash);
});

test("where the process was started changes nothing", async () => {
  const { folder, host } = tempProject(files);
  const before = await codeOf(`${folder}/tasks.ts`, host);
  const away = process.cwd();
  try {
    process.chdir("/");
    const { makeBundle } = await import("../../../packages/code/src/bundle.js");
    const again = await makeBundle(`${folder}/tasks.ts`, folder, host);
    expect(createHash("sha256").update(again.code).digest("hex")).toBe(before.hash);
  } finally {
    process.chdir(away);
  }
});

test.each([
  ["new URL", `export const text = new URL("./words.txt", import.meta.url);`],
  ["dirname", "export const text = import.meta.dirname;"],
  ["resolve", `export const text = import.meta.resolve("./words.txt");`],
])("code that reaches for files beside it stays on its machine: %s", async (_, line) => {
  const { folder, host } = tempProject({ "tasks.ts": `// import.meta.dirname in a comment\n\n${line}\n` });
  const code = await codeOf(`${folder}/tasks.ts`, host);
  expect(code.assets).toHaveLength(1);
  expect(() => checkPortable(code)).toThrow(
    expect.objectContaining({
      code: "CODE_NEEDS_ITS_FILES",
      place: { file: `${folder}/tasks.ts`, line: 3, column: 1 },
    }),
  );
});

test("a file that only asks whether it is the main one may go anywhere", async () => {
  const { folder, host } = tempProject({ "tasks.ts": "export const isMain = process.argv[1] === import.meta.url;\n" });
  expect(() =>
    checkPortable({ entry: `${folder}/tasks.ts`, root: folder, path: "", hash: "", inputs: {}, assets: [] }),
  ).not.toThrow();
  checkPortable(await codeOf(`${folder}/tasks.ts`, host));
});

test("marks leave a hashbang, directives and lines where they are", async () => {
  const { folder, host } = tempProject({
    "tasks.cjs": `#!/usr/bin/env node\n// a comment\n"use strict";\nexports.isStrict = (function () { return this === undefined; })();\nexports.line = new Error("x").stack;\n`,
  });
  const { path } = await codeOf(`${folder}/tasks.cjs`, host);
  process.setSourceMapsEnabled(true);
  const loaded: { readonly default: { readonly isStrict: boolean; readonly line: string } } = await import(
    /* @vite-ignore */ path
  );
  expect(loaded.default.isStrict).toBe(true);
  expect(readFileSync(path, "utf8")).toContain('__millrace_begin("tasks.cjs")');
});
