import { describe, expect, it } from "vitest";
import { millrace, program, project, start } from "./millrace.js";

const flows = `
import { context, flow, param, task } from "millrace";

const speak = task("speak", (n: number) => {
  const { logger } = context();
  logger.debug("thinking");
  logger.info("said", { n });
  console.log("printed", n);
  context().progress(1, 1);
  return n;
});
export const speaking = flow("speaking", { params: { ns: param([1, 2]) } }, (p) => speak.map(p.ns));
`;

const run = (...args: readonly string[]) => millrace(project({ "flow.ts": flows }), "run", "flow.ts", ...args);
const recordsIn = (stderr: string): Record<string, unknown>[] =>
  stderr
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line): Record<string, unknown> => JSON.parse(line));

describe.each(["sequential", "async", "threads"])("millrace run on %s", (executor) => {
  it("writes the records of tasks as JSON lines to stderr, each with its task", async () => {
    const { code, stdout, stderr } = await run("--executor", executor);
    expect(code).toBe(0);
    const records = recordsIn(stderr).toSorted((a, b) => Number(a["mapIndex"]) - Number(b["mapIndex"]));
    const expected = { level: 30, flow: "speaking", task: "speak", slug: "speak-1", attempt: 1, msg: "said" };
    expect(records).toMatchObject([
      { ...expected, mapIndex: 0, data: { n: 1 } },
      { ...expected, mapIndex: 1, data: { n: 2 } },
    ]);
    expect(stdout).toContain("printed 1\n");
  });

  it("leaves stdout to the document of --json", async () => {
    const { code, stdout, stderr } = await run("--executor", executor, "--json");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ state: "Success", value: [1, 2] });
    expect(stderr).toContain("printed 2\n");
    expect(recordsIn(stderr)).toHaveLength(2);
  });
});

/** Says at its end whether pino was loaded. */
const watched = `
import { createRequire } from "node:module";
import { context, flow, task } from "millrace";

const { cache } = createRequire(import.meta.url);
process.on("exit", () => console.log(Object.keys(cache).some((path) => path.includes("/node_modules/pino/"))));
const speak = task("speak", () => context().logger.info("said"));
const print = task("print", () => console.log("printed"));
export const silent = flow("silent", () => print());
export const speaking = flow("speaking", () => speak());
`;

describe("pino", () => {
  it.each([
    ["silent", [], false],
    ["speaking", [], true],
    ["speaking", ["--quiet"], false],
  ])("is loaded by the first record that is written: %s %j", async (name, options, isLoaded) => {
    const { code, stdout } = await millrace(project({ "flow.ts": watched }), "run", `flow.ts:${name}`, ...options);
    expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, String(isLoaded)]);
  });

  it("that cannot be loaded fails no run: records are lines then, and why is said", async () => {
    const hook = `export const resolve = (name, context, next) => {
      if (name === "pino") throw new Error("no such package here");
      return next(name, context);
    };`;
    const url = (code: string): string => `data:text/javascript,${encodeURIComponent(code)}`;
    const without = url(`import { register } from "node:module"; register(${JSON.stringify(url(hook))});`);
    const args = [program, "run", "flow.ts:speaking"];
    const { code, stderr } = await start(`--import=${without}`, args, project({ "flow.ts": watched })).ended;
    expect(stderr).toMatch(/warn {2}pino cannot be loaded.*no such package here\n.* info {2}speak-1: said\n/);
    expect(code).toBe(0);
  });
});

describe("--log-level", () => {
  it.each([
    ["debug", 4],
    ["warn", 0],
  ])("%s shows %i records", async (level, count) => {
    expect(recordsIn((await run("--log-level", level)).stderr)).toHaveLength(count);
  });

  it("is refused where there is no such level", async () => {
    expect(await run("--log-level", "loud")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("write one of"),
    });
  });
});
