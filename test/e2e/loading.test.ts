import { existsSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { installMillrace, millrace, project } from "./millrace.js";

/** What a flow sees: values of its context, and how many copies of Millrace are loaded. */
const flowFile = `
import { context, flow, task } from "millrace";
const look = task("look", async () => {
  const again = await import("millrace");
  const { places } = Reflect.get(globalThis, Symbol.for("millrace/1"));
  const { flowName, taskName, runCount } = context();
  return { flowName, taskName, runCount, isSame: again.context === context, copies: places.size };
});
export default flow("looking", () => look());
`;
const seen = { flowName: "looking", taskName: "look", runCount: 1, isSame: true, copies: 1 };

/** A package that is not the one the command line belongs to. */
const otherCopy = {
  "node_modules/millrace/package.json": `{ "type": "module", "exports": "./index.js" }`,
  "node_modules/millrace/index.js": `throw new Error("the copy beside the flow was loaded");`,
};

async function valueOf(folder: string, file: string): Promise<unknown> {
  const { stdout, stderr } = await millrace(folder, "run", file, "--json");
  const document: { value?: unknown } = JSON.parse(stdout);
  return document.value ?? stderr;
}

describe("a flow file sees the Millrace of the command line:", () => {
  it.each(["flow.ts", "flow.mts", "flow.js", "flow.mjs", "flow.tsx"])(
    "%s without a millrace of its own",
    async (file) => {
      expect(await valueOf(project({ [file]: flowFile }), file)).toEqual(seen);
    },
  );

  it.each(["flow.ts", "flow.js"])("%s beside another copy", async (file) => {
    expect(await valueOf(project({ [file]: flowFile, ...otherCopy }), file)).toEqual(seen);
  });

  it("JavaScript beside the very same copy, which is loaded as it is", async () => {
    const folder = project({ "flow.js": flowFile });
    installMillrace(folder);
    expect(await valueOf(folder, "flow.js")).toEqual(seen);
    expect(existsSync(join(folder, "node_modules/.cache"))).toBe(false);
  });

  it.each(["flow.cjs", "flow.cts"])("CommonJS: %s", async (file) => {
    const text = flowFile.replace(/^import (.*) from "millrace";/m, `const $1 = require("millrace");`);
    const folder = project({ [file]: text.replace("export default", "module.exports =") });
    expect(await valueOf(folder, file)).toEqual(seen);
  });
});

describe("a flow file", () => {
  it("is found from any folder, and its places are as short as they can be", async () => {
    const folder = project({ "a/flow.ts": `throw new Error("no");`, "b/.keep": "" });
    const { stderr } = await millrace(join(folder, "b"), "run", "../a/flow.ts");
    expect(stderr).toContain(`FLOW_FILE_THREW: ${folder}/a/flow.ts:1:7 threw`);
  });

  it.each([
    ["flow.ts", `throw new Error("no");`, "1:7"],
    ["flow.cts", `"use strict"; throw new Error("no");`, "1:21"],
    ["flow.mts", `#!/usr/bin/env node\n// a comment\nconst url = import.meta.url; throw new Error(url);`, "3:36"],
    ["flow.ts", `const one = 1;\nthrow new Error(String(one));`, "2:7"],
  ])("names the column of its own text: %s, %j", async (file, text, place) => {
    const { stderr } = await millrace(project({ [file]: text }), "run", file);
    expect(stderr).toContain(`FLOW_FILE_THREW: ${file}:${place} threw`);
  });

  it("is loaded by many processes at once that all find no bundle", async () => {
    const folder = project({ "flow.ts": flowFile });
    const values = await Promise.all(Array.from({ length: 5 }, () => valueOf(folder, "flow.ts")));
    expect(values).toEqual(Array.from({ length: 5 }, () => seen));
    expect(readdirSync(join(folder, "node_modules/.cache/millrace/flow.ts"))).toHaveLength(3);
  });

  it("is loaded where no bundle can be kept, and leaves nothing behind", async () => {
    const folder = project({ "flow.ts": flowFile, "node_modules/.cache": "a file in the way", ".millrace": "another" });
    const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith("millrace-bundle-"));
    const before = left();
    expect(await valueOf(folder, "flow.ts")).toEqual(seen);
    expect(left()).toEqual(before);
  });

  it("in JavaScript has its errors placed as well", async () => {
    const folder = project({ "flow.js": `import { flow } from "millrace";\nimport "./gone.js";` });
    installMillrace(folder);
    const { stderr } = await millrace(folder, "run", "flow.js");
    expect(stderr.split("\n").slice(0, 3)).toEqual([
      `IMPORT_NOT_FOUND: flow.js:2:8: cannot find "${folder}/gone.js": check its path`,
      `  1 | import { flow } from "millrace";`,
      `> 2 | import "./gone.js";`,
    ]);
  });

  it("in JavaScript with a syntax error shows the line", async () => {
    const folder = project({ "flow.js": "let a = 1;\nlet b = ;" });
    installMillrace(folder);
    const { stderr } = await millrace(folder, "run", "flow.js");
    expect(stderr).toMatch(/^FLOW_FILE_SYNTAX: flow\.js:2:9: Unexpected ";"\n/);
  });
});
