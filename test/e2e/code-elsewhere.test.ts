// A task's code is found again in a real thread, for every kind of file and every launcher.
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, test } from "vitest";
import { type Ended, installMillrace, millrace, project, repository } from "./millrace.js";

/** A package, so that every launcher loads it as it is. It stands for what an executor does. */
const elsewhere = {
  "node_modules/elsewhere/package.json": `{ "name": "elsewhere", "type": "module", "exports": "./index.mjs" }`,
  "node_modules/elsewhere/index.mjs": `
    import { once } from "node:events";
    import { Worker } from "node:worker_threads";
    import { placeOfTask } from "@millrace/code";
    const host = { resolve: (specifier) => import.meta.resolve(specifier) };
    export async function runElsewhere(task, args, options = {}) {
      const place = await placeOfTask(task, host, options.flowFile);
      const worker = new Worker(new URL("./thread.mjs", import.meta.url), { workerData: { place, args, options }, execArgv: [] });
      const [reply] = await once(worker, "message");
      await worker.terminate();
      return reply;
    }
    export async function printElsewhere(task, args, options) {
      try {
        console.log("reply " + JSON.stringify(await runElsewhere(task, args, options)));
      } catch (error) {
        console.log("reply " + JSON.stringify({ code: error.code, message: error.message }));
      }
    }`,
  "node_modules/elsewhere/thread.mjs": `
    import { parentPort, workerData } from "node:worker_threads";
    import { loadTask } from "@millrace/code";
    const host = { resolve: (specifier) => import.meta.resolve(specifier) };
    const { place, args, options } = workerData;
    try {
      const fn = await loadTask(place, host, options);
      parentPort.postMessage({ value: await fn(...args), key: place.key });
    } catch (error) {
      parentPort.postMessage({ code: error.code, message: error.message, stack: error.stack });
    }`,
};

function makeProject(files: Readonly<Record<string, string>>): string {
  const folder = project({ ...elsewhere, ...files });
  installMillrace(folder);
  mkdirSync(join(folder, "node_modules/@millrace"));
  symlinkSync(join(repository, "packages/executor-core"), join(folder, "node_modules/@millrace/core"));
  symlinkSync(join(repository, "packages/code"), join(folder, "node_modules/@millrace/code"));
  return folder;
}

function run(folder: string, args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, VITEST: undefined },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

type Launcher = "node" | "tsx" | "vitest" | "millrace run";
const isOldNode = Number(process.versions.node.split(".")[0]) < 22;
const tsx = pathToFileURL(join(repository, "node_modules/tsx/dist/esm/index.mjs")).href;

function launch(launcher: Launcher, folder: string, main: string): Promise<Ended> {
  switch (launcher) {
    case "node":
      return run(folder, [main]);
    case "tsx":
      return run(folder, ["--import", tsx, main]);
    case "millrace run": {
      const text = readFileSync(join(folder, main), "utf8").replace(
        /^(?:if \(isMainThread\) )?await (printElsewhere.*);$/m,
        'const go = task("go", () => $1);',
      );
      writeFileSync(
        join(folder, `flow-${main}`),
        `${text}\nimport { flow, task } from "millrace";\nexport default flow("f", () => go());\n`.replace(
          /^import \{ task \} from "millrace";$/m,
          "",
        ),
      );
      return run(folder, [join(repository, "packages/millrace/bin/millrace.js"), "run", `flow-${main}`]);
    }
    default: {
      const config = `export default { resolve: { alias: { "@lib": ${JSON.stringify(join(folder, "lib"))} } }, test: { include: ["run.test.*"], silent: false } };`;
      writeFileSync(join(folder, "vitest.config.mjs"), config);
      writeFileSync(
        join(folder, "run.test.mjs"),
        `import { test } from "vitest"; test("run", async () => { await import("./${main}"); }, 30_000);`,
      );
      return run(folder, [join(repository, "node_modules/vitest/vitest.mjs"), "run", "--disable-console-intercept"]);
    }
  }
}

type Reply = {
  readonly value?: unknown;
  readonly code?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly key?: { source: string };
};

async function replyOf(launcher: Launcher, folder: string, main: string): Promise<Reply> {
  const { stdout, stderr } = await launch(launcher, folder, main);
  const [, reply] = /^reply (.*)$/m.exec(stdout) ?? [];
  if (reply === undefined) throw new Error(`there was no reply:\n${stdout}\n${stderr}`);
  return JSON.parse(reply) as Reply;
}

const esm = (types: boolean): string => {
  const number = types ? ": number" : "";
  return `import { task } from "millrace";\nexport const add = task("add", (a${number}, b${number}) => a + b);\n`;
};
const cjs = `"use strict";\nconst { task } = require("millrace");\nexports.add = task("add", (a, b) => a + b);\n`;
const main = (specifier: string, name = "add", args = "[2, 3]"): string =>
  `import { printElsewhere } from "elsewhere";\nimport { ${name} } from ${JSON.stringify(specifier)};\nawait printElsewhere(${name}, ${args});\n`;

type Case = {
  readonly files: Readonly<Record<string, string>>;
  readonly main: string;
  readonly isTypeScript: boolean;
  readonly source: string;
  readonly link?: readonly [string, string];
};

const cases: Readonly<Record<string, Case>> = {
  ".js": {
    files: { "tasks.js": esm(false), "main.js": main("./tasks.js") },
    main: "main.js",
    isTypeScript: false,
    source: "tasks.js",
  },
  ".mjs": {
    files: { "tasks.mjs": esm(false), "main.mjs": main("./tasks.mjs") },
    main: "main.mjs",
    isTypeScript: false,
    source: "tasks.mjs",
  },
  ".cjs": {
    files: { "tasks.cjs": cjs, "main.mjs": main("./tasks.cjs") },
    main: "main.mjs",
    isTypeScript: false,
    source: "tasks.cjs",
  },
  ".ts": {
    files: { "tasks.ts": esm(true), "main.ts": main("./tasks.ts") },
    main: "main.ts",
    isTypeScript: true,
    source: "tasks.ts",
  },
  ".mts": {
    files: { "tasks.mts": esm(true), "main.mts": main("./tasks.mts") },
    main: "main.mts",
    isTypeScript: true,
    source: "tasks.mts",
  },
  ".cts": {
    files: { "tasks.cts": esm(true), "main.mts": main("./tasks.cts") },
    main: "main.mts",
    isTypeScript: true,
    source: "tasks.cts",
  },
  "the main file itself": {
    files: {
      "main.ts": `import { isMainThread } from "node:worker_threads";\nimport { printElsewhere } from "elsewhere";\n${esm(true)}if (isMainThread) await printElsewhere(add, [2, 3]);\n`,
    },
    main: "main.ts",
    isTypeScript: true,
    source: "main.ts",
  },
  "a path alias": {
    files: {
      "tsconfig.json": `{ "compilerOptions": { "paths": { "@lib/*": ["./lib/*"] } } }`,
      "lib/sum.ts": "export const sum = (a: number, b: number): number => a + b;",
      "tasks.ts": `import { task } from "millrace";\nimport { sum } from "@lib/sum";\nexport const add = task("add", (a: number, b: number) => sum(a, b));`,
      "main.ts": main("./tasks.ts"),
    },
    main: "main.ts",
    isTypeScript: true,
    source: "tasks.ts",
  },
  "a JSON import": {
    files: {
      "data.json": `{ "offset": 0 }`,
      "tasks.ts": `import { task } from "millrace";\nimport data from "./data.json" with { type: "json" };\nexport const add = task("add", (a: number, b: number) => a + b + data.offset);`,
      "main.ts": main("./tasks.ts"),
    },
    main: "main.ts",
    isTypeScript: true,
    source: "tasks.ts",
  },
  "a JSON import in JavaScript": {
    files: {
      "data.json": `{ "offset": 0 }`,
      "tasks.js": `import { task } from "millrace";\nimport data from "./data.json" with { type: "json" };\nexport const add = task("add", (a, b) => a + b + data.offset);`,
      "main.js": main("./tasks.js"),
    },
    main: "main.js",
    isTypeScript: false,
    source: "tasks.js",
  },
  "a package that contains tasks": {
    files: {
      "node_modules/adders/package.json": `{ "name": "adders", "type": "module", "exports": "./src/index.js" }`,
      "node_modules/adders/src/index.js": `export { add } from "./add.js";`,
      "node_modules/adders/src/add.js": esm(false),
      "main.js": main("adders"),
    },
    main: "main.js",
    isTypeScript: false,
    source: "node_modules/adders/src/add.js",
  },
  "a sibling in a monorepo": {
    files: {
      "packages/lib/package.json": `{ "name": "@acme/lib", "type": "module", "exports": "./src/index.ts" }`,
      "packages/lib/src/index.ts": `export * from "./add.ts";`,
      "packages/lib/src/add.ts": esm(true),
      "node_modules/@acme/.keep": "",
      "main.ts": main("@acme/lib"),
    },
    link: ["packages/lib", "node_modules/@acme/lib"],
    main: "main.ts",
    isTypeScript: true,
    source: "packages/lib/src/add.ts",
  },
  "a helper in another module": {
    files: {
      "make.ts": `import { task } from "millrace";\nexport const makeAdd = (name: string) => task(name, (a: number, b: number) => a + b);`,
      "tasks.ts": `import { makeAdd } from "./make.ts";\nexport const add = makeAdd("add");`,
      "main.ts": main("./tasks.ts"),
    },
    main: "main.ts",
    isTypeScript: true,
    source: "tasks.ts",
  },
  "a module that awaits": {
    files: {
      "tasks.ts": `import { task } from "millrace";\nawait new Promise((resolve) => setTimeout(resolve, 1));\nexport const add = task("add", (a: number, b: number) => a + b);`,
      "main.ts": main("./tasks.ts"),
    },
    main: "main.ts",
    isTypeScript: true,
    source: "tasks.ts",
  },
};

/** What launchers say themselves of a .cts file that imports an ES module: nothing of Millrace is asked then. */
const limits = new Map<Launcher, string>([
  ["vitest", "Parse failed"],
  ...(isOldNode ? [["tsx", "ERR_VM_MODULE_LINK_FAILURE"] as const] : []),
]);

function folderOf({ files, link }: Case): string {
  const folder = makeProject(files);
  if (link !== undefined) symlinkSync(join(folder, link[0]), join(folder, link[1]));
  return folder;
}

describe.each(Object.entries(cases))("a task in %s", (_, one) => {
  const launchers: readonly Launcher[] = one.isTypeScript
    ? ["millrace run", "tsx", "vitest"]
    : ["node", "tsx", "vitest"];
  test.each(launchers)("runs in a thread, started by %s", async (launcher) => {
    const limit = one.source === "tasks.cts" ? limits.get(launcher) : undefined;
    if (limit !== undefined) {
      const { stdout, stderr } = await launch(launcher, folderOf(one), one.main);
      expect(stdout + stderr).toContain(limit);
      return;
    }
    const reply = await replyOf(launcher, folderOf(one), one.main);
    // The launcher's own copy of the main file has another name.
    const source = launcher === "millrace run" && one.source === one.main ? `flow-${one.main}` : one.source;
    expect(reply).toMatchObject({ value: 5, key: { source, name: "add" } });
  });
});

test("TypeScript under a Node that cannot load it: the error names millrace run and tsx", async () => {
  const folder = makeProject({
    "tasks.ts": esm(true),
    "flow.js": `import { flow } from "millrace";\nimport { add } from "./tasks.ts";\nexport const f = flow("f", () => add(1, 2));\n`,
  });
  const { code, stdout, stderr } = await millrace(folder, "run", "flow.js", "--json");
  if (Reflect.get(process.features, "typescript")) {
    expect(JSON.parse(stdout)).toMatchObject({ value: 3 });
    return;
  }
  expect(code).not.toBe(0);
  expect(stderr).toContain("TYPESCRIPT_NOT_LOADED: flow.js:2:21: Node");
  expect(stderr).toContain("start it with millrace run, or start Node with node --import tsx");
});

describe("module bodies that do not run one after the other", () => {
  test.each(["a", "b"])("two that await at once keep their own tasks: %s", async (name) => {
    const body = (text: string, ms: number): string =>
      `import { task } from "millrace";\nawait new Promise((resolve) => setTimeout(resolve, ${ms}));\nexport const which = task("which", () => "${text}");\n`;
    const folder = makeProject({
      "a.mjs": body("a", 20),
      "b.mjs": body("b", 40),
      "flow.mjs": `const [a, b] = await Promise.all([import("./a.mjs"), import("./b.mjs")]);\nexport const tasks = { a: a.which, b: b.which };\n`,
      "main.mjs": `import { printElsewhere } from "elsewhere";\nconst { tasks } = await import("./flow.mjs");\nawait printElsewhere(tasks.${name}, []);\n`,
    });
    expect(await replyOf("node", folder, "main.mjs")).toMatchObject({ value: name, key: { source: `${name}.mjs` } });
    // In one bundle too, where frames name no sources.
    writeFileSync(
      join(folder, "flow.ts"),
      `import { flow, task } from "millrace";\nimport { printElsewhere } from "elsewhere";\nimport { tasks } from "./flow.mjs";\nexport default flow("f", () => task("go", () => printElsewhere(tasks.${name}, []))());\n`,
    );
    const { stdout } = await millrace(folder, "run", "flow.ts");
    expect(stdout).toContain(`"value":"${name}"`);
  });

  test("one that threw takes no task of the one that required it", async () => {
    const folder = makeProject({
      "bad.cjs": `throw new Error("not here");\n`,
      "tasks.cjs": `const { task } = require("millrace");\ntry { require("./bad.cjs"); } catch {}\nexports.add = task("add", (a, b) => a + b);\n`,
      "main.mjs": `import { printElsewhere } from "elsewhere";\nimport tasks from "./tasks.cjs";\nawait printElsewhere(tasks.add, [2, 3]);\n`,
    });
    expect(await replyOf("node", folder, "main.mjs")).toMatchObject({ value: 5, key: { source: "tasks.cjs" } });
  });
});

describe("what cannot be found again", () => {
  const typed = (text: string, options = "{}"): string =>
    makeProject({
      "tasks.ts": `import { task, flow } from "millrace";\n${text}`,
      "main.ts": `import { printElsewhere } from "elsewhere";\nimport { add } from "./tasks.ts";\nawait printElsewhere(add, [2, 3], ${options});\n`,
    });
  const refusal = async (text: string, options?: string): Promise<Reply> =>
    replyOf("tsx", typed(text, options), "main.ts");
  const make = `task("add", (a: number, b: number) => a + b)`;

  test("a task made in a function that was called later", async () => {
    const reply = await refusal(
      `const make = async () => {\n  await new Promise((resolve) => setImmediate(resolve));\n  return await new Promise((resolve) => setTimeout(() => resolve(${make}), 1));\n};\nexport const add = await make();`,
    );
    expect(reply).toMatchObject({ code: "TASK_UNREACHABLE" });
    expect(reply.message).toContain('the task "add" was made at tasks.ts:4');
    expect(reply.message).toContain("make it at the top level of a module");
  });

  test("a task made in a field of a class when an instance is made later", async () => {
    const reply = await refusal(
      `class Tools {\n  add = ${make};\n}\nexport const { add } = await new Promise<Tools>((resolve) => setTimeout(() => resolve(new Tools()), 1));`,
    );
    expect(reply).toMatchObject({ code: "TASK_UNREACHABLE" });
    expect(reply.message).toContain("tasks.ts:3");
  });

  test("a task made in a REPL or by eval", async () => {
    const folder = makeProject({});
    const script = `const { task } = await import("millrace"); const { printElsewhere } = await import("elsewhere"); await printElsewhere(${make.replaceAll(": number", "")}, [1, 2]);`;
    const { stdout } = await run(folder, ["--input-type=module", "-e", script]);
    expect(stdout).toContain("TASK_UNREACHABLE");
    expect(stdout).toContain("in no file (a REPL, eval, or code without a name)");
  });

  test("a task that only the main process makes", async () => {
    const reply = await refusal(
      `import { isMainThread } from "node:worker_threads";\nexport const add = isMainThread ? ${make} : undefined;`,
    );
    expect(reply).toMatchObject({ code: "TASK_NOT_FOUND" });
    expect(reply.message).toContain('tasks.ts, loaded anew, makes no task "add"');
  });

  test("two of one name in a module: both places are named", async () => {
    const reply = await refusal(`export const add = ${make};\nexport const other = task("add", () => 0);`);
    expect(reply).toMatchObject({ code: "TASK_AMBIGUOUS" });
    expect(reply.message).toContain("tasks.ts:2:20");
    expect(reply.message).toContain("tasks.ts:3:22");
  });

  test("a module that takes for ever", async () => {
    const reply = await refusal(
      `import { isMainThread } from "node:worker_threads";\nexport const add = ${make};\nif (!isMainThread) await new Promise(() => setInterval(() => {}, 1000));`,
      "{ timeoutMs: 300 }",
    );
    expect(reply).toMatchObject({ code: "MODULE_LOADS_TOO_LONG" });
    expect(reply.message).toContain("tasks.ts was not loaded after 300 ms");
  });

  test("a module that throws in a thread, as tests and servers do", async () => {
    const reply = await refusal(
      `import { isMainThread } from "node:worker_threads";\nif (!isMainThread) {\n  throw new Error("no test context");\n}\nexport const add = ${make};`,
    );
    expect(reply).toMatchObject({ code: "FLOW_FILE_THREW" });
    expect(reply.message).toContain("tasks.ts:4:9 threw while it was loaded: Error: no test context");
    expect(reply.message).toContain("put them into a module of their own");
  });

  test("a native package that is missing where the code runs", async () => {
    const reply = await refusal(
      `import { createRequire } from "node:module";\nimport { isMainThread } from "node:worker_threads";\nif (!isMainThread) createRequire(import.meta.url)("better-squirrel");\nexport const add = ${make};`,
    );
    expect(reply).toMatchObject({ code: "IMPORT_NOT_FOUND" });
    expect(reply.message).toContain('tasks.ts:4:51: cannot find "better-squirrel": npm install better-squirrel');
  });

  test("code that does not bundle: file, import and line", async () => {
    const folder = makeProject({
      "bad.ts": "export const x: number = ;\n",
      "tasks.ts": `import { task } from "millrace";\nexport const add = task("add", async (a: number) => a + (await import("./bad.ts")).x);`,
      "main.ts": main("./tasks.ts"),
    });
    const reply = await replyOf("tsx", folder, "main.ts");
    expect(reply).toMatchObject({ code: "FLOW_FILE_SYNTAX" });
    expect(reply.message).toContain("bad.ts:1:26");
  });

  test("a flow's module makes what the task's own source alone does not", async () => {
    const folder = makeProject({
      "make.ts": `import { task } from "millrace";\nexport const made = new Map<string, unknown>();\nexport const define = (name: string) => { made.set(name, task(name, (a: number, b: number) => a + b)); };`,
      "flow.ts": `import { flow } from "millrace";\nimport { define, made } from "./make.ts";\ndefine("add");\nexport const add = made.get("add");\nexport default flow("f", () => 1);`,
      "main.ts": `import { printElsewhere } from "elsewhere";\nimport { add } from "./flow.ts";\nawait printElsewhere(add, [2, 3], { flowFile: "flow.ts" });\n`,
    });
    expect(await replyOf("tsx", folder, "main.ts")).toMatchObject({ value: 5 });
  });
});

describe("a module that starts runs", () => {
  test.each([
    ["awaits one", `await flow("f", () => 1).run();\nconsole.log("never in a thread");`],
    ["starts one and goes on", `flow("f", () => 1).start().done.then(() => console.log("never in a thread"));`],
    ["starts one by a timer", `setTimeout(() => void flow("f", () => 1).run(), 1);`],
  ])("is loaded all the same: it %s", async (_, text) => {
    const folder = makeProject({
      "tasks.ts": `import { flow, task } from "millrace";\nimport { isMainThread } from "node:worker_threads";\nexport const add = task("add", (a: number, b: number) => a + b);\nif (!isMainThread) {\n${text}\n}\n`,
      "main.ts": main("./tasks.ts"),
    });
    const { stdout } = await launch("tsx", folder, "main.ts");
    expect(stdout).toContain('"value":5');
    expect(stdout).not.toContain("never in a thread");
  });
});

test("an error in a thread names the line of the user's source", async () => {
  const folder = makeProject({
    "tasks.ts": `import { task } from "millrace";\ntype Wide = {\n  a: number;\n};\nexport const add = task("add", (wide: Wide) => {\n  throw new Error(String(wide.a));\n});`,
    "main.ts": main("./tasks.ts", "add", "[{ a: 1 }]"),
  });
  const { stack } = await replyOf("tsx", folder, "main.ts");
  expect(stack).toContain(`${folder}/tasks.ts:6:9`);
});

test("assets beside a source are there on the same machine", async () => {
  const folder = makeProject({
    "words.txt": "five",
    "tasks.ts": `import { readFileSync } from "node:fs";\nimport { task } from "millrace";\nexport const add = task("add", () => readFileSync(new URL("./words.txt", import.meta.url), "utf8"));`,
    "main.ts": main("./tasks.ts", "add", "[]"),
  });
  expect(await replyOf("tsx", folder, "main.ts")).toMatchObject({ value: "five" });
  expect(readFileSync(join(folder, "words.txt"), "utf8")).toBe("five");
});
