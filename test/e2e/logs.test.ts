import { describe, expect, it } from "vitest";
import { millrace, project } from "./millrace.js";

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
