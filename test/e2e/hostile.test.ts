import { describe, expect, it } from "vitest";
import { millrace, program, project, start } from "./millrace.js";

/** Flows whose tasks throw or give what cannot be read, and some that fail without an error of anybody's. */
const flows = `
import { inspect } from "node:util";
import { flow, skip, task } from "millrace";
const trap = { get() { throw new Error("trap"); } };
const of = (name: string, fn: () => unknown) => flow(name, () => task("give", fn)());
export const proxy = of("proxy", () => { throw new Proxy(new Error("x"), trap); });
export const stack = of("stack", () => { throw Object.assign(new Error("odd"), { stack: 5 }); });
export const json = of("json", () => ({ toJSON() { throw new Error("no words"); } }));
export const custom = of("custom", () => ({ [inspect.custom]() { throw new Error("hidden"); } }));
const use = task("use", (value: unknown) => value);
const lists = task("lists", (): readonly number[] => JSON.parse("3"));
export const noList = flow("noList", () => use.map(lists()));
const skipped = task("skipped", () => skip("not today"));
export const noValue = flow("noValue", () => skipped());
export const many = of("many", () => Array.from({ length: 100_000 }, () => "a value that nobody reads to its end"));
`;

const files = {
  "flow.ts": flows,
  "textless.ts": "throw Object.create(null);",
  "stackless.ts": 'throw Object.assign(new Error("odd"), { stack: 5 });',
};
const inProject = (...args: readonly string[]): ReturnType<typeof millrace> => millrace(project(files), ...args);

describe("what cannot be read does not end the command line:", () => {
  it.each([
    ["proxy", "give-1 failed: Error: (its message cannot be read)", { message: "(its message cannot be read)" }],
    ["stack", "give-1 failed: Error: odd", { name: "Error", message: "odd" }],
    ["noList", "use-1 failed: NotAList [NOT_A_LIST]: ", { name: "NotAList", code: "NOT_A_LIST" }],
  ])("a task that fails (%s)", async (name, text, document) => {
    const [plain, json] = await Promise.all([
      inProject("run", `flow.ts:${name}`),
      inProject("run", `flow.ts:${name}`, "--json"),
    ]);
    expect(plain.stderr).toContain(`the flow "${name}" failed\n\n${text}`);
    expect(JSON.parse(json.stdout)).toMatchObject({ state: "Failed", errors: [document] });
    expect([plain.code, json.code]).toEqual([1, 1]);
  });

  it("a value that throws when it is shown, or written as JSON", async () => {
    const [plain, json] = await Promise.all([
      inProject("run", "flow.ts:custom"),
      inProject("run", "flow.ts:json", "--json"),
    ]);
    expect(plain.stdout).toContain("(the value cannot be shown: Error: hidden)");
    expect(JSON.parse(json.stdout)).toMatchObject({ noValue: "the value cannot be read: Error: no words" });
    expect([plain.code, json.code]).toEqual([0, 0]);
  });

  it.each([
    ["textless.ts", "(what was thrown has no text) (no Error, so its place is unknown)"],
    ["stackless.ts", "Error: odd"],
  ])("a file that throws it (%s)", async (file, text) => {
    const { code, stderr } = await inProject("run", file);
    expect(stderr).toBe(`FLOW_FILE_THREW: ${file} threw while it was loaded: ${text}\n`);
    expect(code).toBe(2);
  });
});

describe("a run that succeeded and still has no value", () => {
  it("says why, and exits with 1", async () => {
    const [plain, json] = await Promise.all([
      inProject("run", "flow.ts:noValue"),
      inProject("run", "flow.ts:noValue", "--json"),
    ]);
    expect(plain.stderr).toMatch(/^the flow "noValue" gave no value: ResultMissing \[RESULT_MISSING\]: "skipped-1" /);
    expect(JSON.parse(json.stdout)).toMatchObject({ state: "Success", errors: [{ code: "RESULT_MISSING" }] });
    expect([plain.code, json.code]).toEqual([1, 1]);
  });
});

describe("output that nobody reads to its end", () => {
  it("ends nothing, and nothing is said", async () => {
    const run = start(program, ["run", "flow.ts:many", "--json"], project(files));
    await run.prints("a value");
    run.process.stdout?.destroy();
    const { code, stderr } = await run.ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });
});
