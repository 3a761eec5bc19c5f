import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { loadFlow } from "@millrace/code";
import { describe, expect, it } from "vitest";
import { tempProject } from "./temp-project.js";

const named = (expression: string): string => `import { flow } from "millrace"; export const a = flow(${expression});`;

/** The name of the one flow in it, which says what the file saw. */
async function nameIn(files: Readonly<Record<string, string>>): Promise<string> {
  const { folder, host } = tempProject(files);
  return (await loadFlow(join(folder, "flow.ts"), host)).flow.name;
}

describe("a flow file in TypeScript", () => {
  it("is loaded with the user's own modules and data", async () => {
    const files = {
      "flow.ts": `import { b } from "./lib/b.js"; import data from "./data.json"; ${named("`${b} ${data.c}`")}`,
      "lib/b.ts": `export const b: string = "b";`,
      "data.json": `{ "c": "c" }`,
    };
    expect(await nameIn(files)).toBe("b c");
  });

  it("runs every module it imports, whatever package.json says of side effects", async () => {
    const files = {
      "package.json": `{ "type": "module", "sideEffects": false }`,
      "flow.ts": `import "./set.js"; ${named("Reflect.get(globalThis, 'millraceTest')")}`,
      "set.ts": `Reflect.set(globalThis, "millraceTest", "was set");`,
    };
    expect(await nameIn(files)).toBe("was set");
  });

  it("sees its own place in import.meta, __filename and __dirname, in each of its modules", async () => {
    const { folder, host, write } = tempProject({
      "lib/b.ts": `export const b = [import.meta.url, import.meta.filename, import.meta.dirname, __filename, __dirname];`,
    });
    const places = "[...b, import.meta.url, import.meta.resolve('./x.txt'), import.meta.resolve('pkg')].join(' ')";
    write("node_modules/pkg/index.js", "");
    const file = write("flow.ts", `#!/usr/bin/env node\nimport { b } from "./lib/b.js"; ${named(places)}`);
    const other = join(folder, "lib/b.ts");
    expect((await loadFlow(file, host)).flow.name.split(" ")).toEqual([
      pathToFileURL(other).href,
      other,
      join(folder, "lib"),
      other,
      join(folder, "lib"),
      pathToFileURL(file).href,
      pathToFileURL(join(folder, "x.txt")).href,
      pathToFileURL(join(folder, "node_modules/pkg/index.js")).href,
    ]);
  });

  it("may hold CommonJS", async () => {
    const files = {
      "flow.ts": `import { b } from "./b.cjs"; ${named("b")}`,
      "b.cjs": `exports.b = require("node:path").basename(__filename) + require("pkg");`,
      "node_modules/pkg/index.js": `module.exports = " and a package";`,
    };
    expect(await nameIn(files)).toBe("b.cjs and a package");
  });

  it.each([
    [
      "another module's",
      `import { Lost as Other } from "./b.js"; class Lost extends Error {} `,
      "export class Lost extends Error {}",
    ],
    [
      "a package's",
      `import { Other } from "./b.js"; class Lost extends Error {} `,
      `import { Lost } from "pkg"; export const Other = Lost;`,
    ],
  ])("keeps the name of a class that is %s too", async (_whose, imports, b) => {
    const files = {
      "flow.ts": `${imports} ${named("[Lost, Other].map((c) => c.name).join()")}`,
      "b.ts": b,
      "node_modules/pkg/package.json": `{ "type": "module", "exports": "./main.js" }`,
      "node_modules/pkg/main.js": "export class Lost {}",
    };
    expect(await nameIn(files)).toBe("Lost,Lost");
  });

  it("keeps the name of a class that refers to itself", async () => {
    const files = { "flow.ts": named("(class Lost { static of = () => new Lost(); }).name") };
    expect(await nameIn(files)).toBe("Lost");
    const own = "class Lost extends Error { static of(): Lost { return new Lost(); } }";
    expect(await nameIn({ "flow.ts": `${own} ${named("Lost.of().constructor.name")}` })).toBe("Lost");
  });

  it("has its functions left as they are where no class was renamed", async () => {
    const files = {
      "flow.ts": `class Lost {} const f = () => () => { const inner = () => 1; return inner; }; ${named("new Lost() && f().toString()")}`,
    };
    expect((await nameIn(files)).replace(/\s+/g, " ")).toBe("() => { const inner = () => 1; return inner; }");
  });

  it("reads the paths of tsconfig.json", async () => {
    const files = {
      "flow.ts": `import { b } from "@lib/b"; import { c } from "@lib/c"; ${named("b + c")}`,
      "src/b.ts": `export const b = "by a ";`,
      "src/c.js": `export const c = "path";`,
      "tsconfig.json": `{ "extends": "./base.json" }`,
      "base.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./src/*"] } } }`,
    };
    expect(await nameIn(files)).toBe("by a path");
  });
});

describe("a package that a flow file imports", () => {
  it("is loaded by Node, and not bundled", async () => {
    const files = {
      "flow.ts": `import { meta } from "pkg"; ${named("meta.url + ' ' + Object.getPrototypeOf(meta)")}`,
      "node_modules/pkg/package.json": `{ "type": "module", "exports": "./main.js" }`,
      "node_modules/pkg/main.js": "export const meta = import.meta;",
    };
    // Only Node's own has no prototype.
    expect(await nameIn(files)).toMatch(/node_modules\/pkg\/main\.js null$/);
  });

  it("is bundled where it is TypeScript that is only linked", async () => {
    const { folder, host, write } = tempProject({
      "packages/pkg/package.json": `{ "name": "pkg", "type": "module", "exports": "./main.ts" }`,
      "packages/pkg/main.ts": "export const url: string = import.meta.url;",
    });
    symlinkSync(join(folder, "packages/pkg"), join(folder, "node_modules/pkg"));
    const file = write("flow.ts", `import { url } from "pkg"; ${named("url")}`);
    expect((await loadFlow(file, host)).flow.name).toMatch(/packages\/pkg\/main\.ts$/);
  });

  it("is the one that the importing module finds, not the one nearer to the bundle", async () => {
    const pkg = (text: string) => ({
      json: `{ "type": "module", "exports": "./main.js" }`,
      js: `export const v = "${text}";`,
    });
    const [outer, inner] = [pkg("outer"), pkg("inner")];
    const files = {
      "flow.ts": `import { v } from "pkg"; import { w } from "./member/b.js"; ${named("v + w")}`,
      "member/b.ts": `export { v as w } from "pkg";`,
      "node_modules/pkg/package.json": outer.json,
      "node_modules/pkg/main.js": outer.js,
      "member/node_modules/pkg/package.json": inner.json,
      "member/node_modules/pkg/main.js": inner.js,
    };
    expect(await nameIn(files)).toBe("outerinner");
  });

  it("may be missing where nobody needs it", async () => {
    const files = { "flow.ts": named("await import('not-installed').then(() => 'there', () => 'missing')") };
    expect(await nameIn(files)).toBe("missing");
  });

  it("is the host's copy where it is millrace, not the one installed beside the file", async () => {
    const { folder, host } = tempProject({
      "member/flow.ts": `import { copy } from "millrace"; import "@millrace/core"; ${named("copy")}`,
      "member/node_modules/millrace/package.json": `{ "type": "module", "exports": "./other.js" }`,
      "member/node_modules/millrace/other.js": `throw new Error("the other copy");`,
    });
    expect((await loadFlow(join(folder, "member/flow.ts"), host)).flow.name).toBe(host.resolve("millrace"));
  });
});

describe("the flow that is meant", () => {
  const three = `import { flow } from "millrace";
    export const first = flow("one"), second = flow("two"), limit = 3, helper = () => 1;`;

  const load = (text: string, exportName?: string): Promise<string> => {
    const { host, write } = tempProject();
    const loaded = loadFlow(write("flow.ts", text), host, exportName);
    return loaded.then(
      (found) => `${found.exportName}: ${found.flow.name}`,
      (error: { code: string; message: string }) =>
        `${error.code} ${error.message.replace(/\S*\/flow\.ts/g, "flow.ts")}`,
    );
  };

  it("is the only one, under whichever name", async () => {
    expect(await load(`import { flow } from "millrace"; export const a = flow("one"), b = 3;`)).toBe("a: one");
    expect(await load(`import { flow } from "millrace"; export default flow("one");`)).toBe("default: one");
  });

  it("is the default export, beside others", async () => {
    expect(await load(`${three} export default second;`)).toBe("default: two");
    expect(await load(`import { flow } from "millrace"; export const a = flow("one"); export default a;`)).toBe(
      "default: one",
    );
  });

  it("is the one that is named", async () => {
    expect(await load(three, "second")).toBe("second: two");
    expect(await load(`${three} export default second;`, "first")).toBe("first: one");
  });

  it("has to be named where there are several", async () => {
    expect(await load(three)).toBe(
      'SEVERAL_FLOWS flow.ts exports several flows: first ("one"), second ("two"). Say which one: flow.ts:first',
    );
  });

  it("has to exist under that name", async () => {
    expect(await load(three, "third")).toBe(
      'FLOW_NOT_FOUND flow.ts exports nothing named third. Its flows are first ("one"), second ("two")',
    );
    expect(await load(three, "limit")).toMatch(/^FLOW_NOT_FOUND flow\.ts exports limit, which is no flow\./);
  });

  it("has to be exported", async () => {
    expect(await load(`export const limit = 3, helper = () => 1, nothing = null;`)).toBe(
      "NO_FLOW_EXPORTED flow.ts exports no flow: it exports helper (a function), limit (number), nothing (null). Export what flow(...) returned, as in: export default flow(...)",
    );
    expect(await load("export {};")).toContain("it exports nothing.");
    expect(await load("export const later = Promise.resolve(1);")).toContain("later (a promise)");
  });
});
