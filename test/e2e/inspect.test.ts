import { readFileSync } from "node:fs";
import { json } from "@dagrejs/graphlib";
import { describe, expect, it } from "vitest";
import { millrace, program, project } from "./millrace.js";

const files = {
  "flow.ts": `
import { flow, param, task } from "millrace";
if (process.argv.includes("--json") || process.argv[2] === "graph") console.log("loading");
const double = task("double", (n: number) => 2 * n);
const sum = task("sum", (ns: readonly number[]) => ns.reduce((a, b) => a + b, 0));
const any = task("any", { trigger: "anySuccessful" }, (n: number) => n);
export const good = flow("good", { params: { ns: param([1]) } }, (p) => sum(double.map(p.ns)));
export const doubtful = flow("doubtful", () => any(double(1)));
export const broken = flow("broken", () => 1);
`,
};

const inProject = (...args: readonly string[]): ReturnType<typeof millrace> => millrace(project(files), ...args);

describe("millrace check", () => {
  it("lists parameters and finds nothing wrong", async () => {
    expect(await inProject("check", "flow.ts:good")).toEqual({
      code: 0,
      stdout: 'The flow "good".\nParameters:\n  ns  unknown[]  default [1]\n\nNo problems.\n',
      stderr: "",
    });
  });

  it("warns, and exits with 0", async () => {
    const { code, stdout } = await inProject("check", "flow.ts:doubtful");
    expect(stdout).toContain("warning VALUE_MAY_BE_MISSING: ");
    expect(code).toBe(0);
  });

  it("exits with 2 where the flow cannot run", async () => {
    const { code, stdout } = await inProject("check", "flow.ts:broken");
    expect(stdout).toContain("error EMPTY_FLOW: ");
    expect(code).toBe(2);
  });

  it("--json prints one document", async () => {
    const { code, stdout } = await inProject("check", "flow.ts:doubtful", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      flow: "doubtful",
      problems: [{ code: "VALUE_MAY_BE_MISSING", severity: "warning", slugs: ["any-1", "double-1"] }],
      parameters: [],
    });
    expect(code).toBe(0);
  });

  it("exits with 2 where there is no flow", async () => {
    const { code, stdout, stderr } = await inProject("check", "flow.ts", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ flow: null, errors: [{ code: "SEVERAL_FLOWS" }] });
    expect(stderr).toMatch(/^SEVERAL_FLOWS: /m);
    expect(code).toBe(2);
  });
});

describe("millrace graph", () => {
  it("prints Graphviz", async () => {
    const { code, stdout } = await inProject("graph", "flow.ts:good");
    expect(stdout).toMatch(/^digraph "good" \{\n/);
    expect(stdout).toContain('"double-1" -> "sum-1"');
    expect(code).toBe(0);
  });

  it("--format json is read by graphlib", async () => {
    const { code, stdout } = await inProject("graph", "flow.ts:good", "--format", "json");
    const graph = json.read(JSON.parse(stdout));
    expect(graph.nodes()).toEqual(["ns", "double-1", "sum-1"]);
    expect(graph.predecessors("sum-1")).toEqual(["double-1"]);
    expect(code).toBe(0);
  });

  it("exits with 2 where the flow cannot be built", async () => {
    const { code, stdout, stderr } = await inProject("graph", "flow.ts:broken");
    expect(stderr).toMatch(/^EMPTY_FLOW: /m);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
  });
});

describe("millrace", () => {
  it("--help lists the commands", async () => {
    const { code, stdout } = await inProject("--help");
    expect(stdout).toMatch(/run .*\n.*check .*\n.*graph /);
    expect(code).toBe(0);
  });

  it("without arguments prints its help, and exits with 2", async () => {
    const { code, stderr } = await inProject();
    expect(stderr).toContain("Usage: millrace");
    expect(code).toBe(2);
  });

  it("--version is that of the package", async () => {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL("../package.json", `file://${program}`), "utf8"),
    );
    expect(await inProject("--version")).toEqual({ code: 0, stdout: `${manifest.version}\n`, stderr: "" });
  });

  it("run --help tells exit codes and Ctrl-C, and for a file its parameters", async () => {
    const general = await inProject("run", "--help");
    expect(general.stdout).toMatch(/^Usage: millrace run FILE\[:NAME\] \[options\]\n/);
    expect(general.stdout).toContain("A task that blocks the process keeps both from being seen");
    const { code, stdout } = await inProject("run", "flow.ts:good", "--help");
    expect(stdout).toBe(`${general.stdout}\nThe flow "good".\nParameters:\n  ns  unknown[]  default [1]\n`);
    expect(code).toBe(0);
  });

  it("run --help of a file that cannot be loaded says why", async () => {
    const { code, stdout, stderr } = await inProject("run", "gone.ts", "--help");
    expect(stdout).toContain("Usage: millrace run");
    expect(stderr).toContain("FILE_NOT_FOUND");
    expect(code).toBe(2);
  });
});
