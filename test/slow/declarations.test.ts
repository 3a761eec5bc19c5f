import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, root, tempFolder } from "../types/compile.js";

const flows = readdirSync(join(root, "examples"), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => join(root, "examples", name, "flow.ts"))
  .filter((path) => existsSync(path));
const paths = {
  "@millrace/core": [join(root, "packages/executor-core/src/index.ts")],
  millrace: [join(root, "packages/millrace/src/index.ts")],
};

/** Names of our types that stand for a computation: in a declaration they would say nothing to a reader. */
const helpers = /\b(?:Refable|Args|Result|ParamsIn|ParamsOut|Unref|TaskOf|Simplify|NotAsync|Invalid)\b|\.\.\.$|\bany\b/;

/** `name: type` of everything the examples export that is a handle of ours, on one line each. */
function handles(folder: string): string[] {
  const options = { paths, noEmit: false, declaration: true, emitDeclarationOnly: true, outDir: folder, rootDir: root };
  expect(compile(folder, options, flows)).toBe("");
  const files = readdirSync(join(folder, "examples"), { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((file) => file.endsWith(".d.ts"))
    .map((file) => readFileSync(join(folder, "examples", file), "utf8"));
  return texts
    .flatMap((text) => text.split(/^(?=export |declare |import |type |interface |\/\/)/m))
    .filter((part) => part.startsWith("export declare const "))
    .map((part) => part.replace("export declare const ", "").replace(/\s+/g, " ").replaceAll('import("millrace").', ""))
    .filter((statement) => /^\w+: (?:Ref|Task|TupleTask|Flow|Mapped)</.test(statement));
}

// What users see when they hover, and what their own declarations say.
test("the declarations of the examples say each task and flow by one short type", { timeout: 60_000 }, () => {
  const folder = tempFolder("declarations");
  try {
    const found = handles(folder.path);
    expect(found.length).toBeGreaterThanOrEqual(flows.length);
    expect(found.filter((line) => line.length > 240 || helpers.test(line))).toEqual([]);
  } finally {
    folder.done();
  }
});
