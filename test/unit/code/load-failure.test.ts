import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { CodeError, loadFlow } from "@millrace/code";
import { describe, expect, it } from "vitest";
import { tempProject } from "./temp-project.js";

/** What loading `path` says, with the folder of the project left out. */
async function failure(files: Readonly<Record<string, string>>, path = "flow.ts"): Promise<CodeError> {
  const { folder, host } = tempProject(files);
  const error: unknown = await loadFlow(join(folder, path), host).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof CodeError)) throw new Error(`no CodeError, but ${String(error)}`, { cause: error });
  error.message = error.message.replace(new RegExp(`[./]*${folder}/`, "g"), "");
  return error;
}

describe("FILE_NOT_FOUND", () => {
  it("names the path, and a file that is near", async () => {
    expect(await failure({}, "flow.ts")).toMatchObject({
      code: "FILE_NOT_FOUND",
      message: "there is no file flow.ts: check its path",
    });
    const near = await failure({ "flow.ts": "" }, "flow");
    expect(near.message).toBe("there is no file flow: did you mean flow.ts?");
  });

  it("says that a folder is no file", async () => {
    const { folder, host } = tempProject();
    mkdirSync(join(folder, "flows"));
    await expect(loadFlow(join(folder, "flows"), host)).rejects.toMatchObject({
      code: "FILE_NOT_FOUND",
      message: expect.stringContaining("is a folder: name the flow file in it"),
    });
  });

  it("NOT_A_FLOW_FILE lists the endings", async () => {
    expect(await failure({ "flow.py": "" }, "flow.py")).toMatchObject({
      code: "NOT_A_FLOW_FILE",
      message: "flow.py is no flow file: its name must end in one of .js, .mjs, .cjs, .ts, .mts, .cts, .tsx, .jsx",
    });
  });
});

describe("FLOW_FILE_SYNTAX", () => {
  it("shows the line and a caret", async () => {
    const error = await failure({ "flow.ts": "const a = 1;\nconst b = ;\n" });
    expect(error).toMatchObject({ code: "FLOW_FILE_SYNTAX", place: { line: 2, column: 11 } });
    expect(error.message.split("\n")).toEqual([
      'flow.ts:2:11: Unexpected ";"',
      "  1 | const a = 1;",
      "> 2 | const b = ;",
      "    |           ^",
    ]);
  });

  it("names the imported file that it is in", async () => {
    const error = await failure({ "flow.ts": `import "./lib/b.js";`, "lib/b.ts": "\n\nlet x: = 1;" });
    expect(error.message).toMatch(/^lib\/b\.ts:3:8: /);
  });

  it("is found in JavaScript too, where Node keeps the place to itself", async () => {
    const error = await failure({ "flow.mjs": `import "./b.mjs";`, "b.mjs": "let a = 1;\nlet a = 2;" }, "flow.mjs");
    expect(error).toMatchObject({ code: "FLOW_FILE_SYNTAX", place: { line: 2, column: 5 } });
  });
});

describe("FLOW_FILE_THREW", () => {
  it("shows the line of the source that threw", async () => {
    const text = "interface A {\n  b: string;\n}\nconst a: A | undefined = undefined;\nconsole.log(a!.b);\n";
    const error = await failure({ "flow.ts": text });
    expect(error).toMatchObject({ code: "FLOW_FILE_THREW", place: { line: 5, column: 16 } });
    expect(error.message).toMatch(/^flow\.ts:5:16 threw while it was loaded: TypeError: .*\n/);
    expect(error.message).toContain("> 5 | console.log(a!.b);");
    expect(error.cause).toBeInstanceOf(TypeError);
  });

  it("finds the user's line below those of a package", async () => {
    const files = {
      "flow.ts": `import { check } from "pkg";\n\ncheck();`,
      "node_modules/pkg/index.mjs": `export function check() { throw new Error("no"); }`,
      "node_modules/pkg/package.json": `{ "exports": "./index.mjs" }`,
    };
    expect(await failure(files)).toMatchObject({ code: "FLOW_FILE_THREW", place: { line: 3, column: 1 } });
  });

  it("tells a syntax error of data from one of the file", async () => {
    const error = await failure({ "flow.ts": `\nJSON.parse("{");` });
    expect(error).toMatchObject({ code: "FLOW_FILE_THREW", place: { line: 2 } });
  });

  it("says so where what was thrown is no Error", async () => {
    const error = await failure({ "flow.ts": `throw "a text";` });
    expect(error).toMatchObject({ code: "FLOW_FILE_THREW", place: undefined, cause: "a text" });
    expect(error.message).toBe("flow.ts threw while it was loaded: a text (no Error, so its place is unknown)");
  });
});

describe("IMPORT_NOT_FOUND", () => {
  it("shows the import of a file that is not there", async () => {
    const error = await failure({ "flow.ts": `// a flow\nimport { b } from "./b.js";\nb();` });
    expect(error).toMatchObject({ code: "IMPORT_NOT_FOUND", place: { line: 2 } });
    expect(error.message).toContain(`> 2 | import { b } from "./b.js";`);
  });

  it("shows the import of a package that is not installed", async () => {
    const error = await failure({
      "flow.ts": `import { b } from "./b.js";\nb();`,
      "b.ts": `export { b } from "nowhere/sub";`,
    });
    expect(error).toMatchObject({ code: "IMPORT_NOT_FOUND", place: { line: 1, column: 19 } });
    expect(error.message).toMatch(/^b\.ts:1:19: cannot find "nowhere": npm install nowhere\n/);
  });

  it("shows the import of a name that there is not", async () => {
    const error = await failure({ "flow.ts": `import {\n  flow,\n  flwo,\n} from "millrace";\nflwo();` });
    expect(error).toMatchObject({ code: "IMPORT_NOT_FOUND", place: { line: 3, column: 3 } });
    expect(error.message).toMatch(/^flow\.ts:3:3: "millrace" exports no "flwo"\n/);
  });
});
