// The runner itself: what differs is told and counted, what cannot be said is never passed over.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { Line } from "./format.js";
import { reportOf } from "./report.js";
import { runLines } from "./suite.js";

const good: Line = {
  id: "planted-1",
  version: 2,
  family: "mapping",
  flow: {
    tasks: [
      { name: "t0", kind: "range", value: 3 },
      { name: "t1", kind: "fail_if_even", inputs: { a: "t0" }, mapped: ["a"], max_retries: 1 },
      { name: "t2", kind: "sum", inputs: { a: "t1" }, trigger: "all_finished" },
      { name: "t3", kind: "skip" },
    ],
  },
  expected: {
    flow: "Success",
    executed: { t0: 1, t1: 5, t2: 1, t3: 1 },
    tasks: {
      t0: { state: "Success", result: [0, 1, 2] },
      t1: { state: "Mapped", children: [{ state: "Failed" }, { state: "Success", result: 1 }, { state: "Failed" }] },
      t2: { state: "Success", result: 1 },
      t3: { state: "Skipped" },
    },
  },
};

/** The same line under other expectations. */
function planted(expected: Line["expected"]): Line {
  return { ...good, expected: { ...good.expected, ...expected } };
}

async function told(...lines: readonly Line[]): Promise<string> {
  return [...reportOf(await runLines(lines))].join("\n");
}

describe("the conformance runner", () => {
  it("passes what is as recorded", async () => {
    expect(await told(good)).toBe("1 passed, 0 failed");
  });

  const tasks = good.expected.tasks ?? {};
  it.each<[string, Line["expected"], string]>([
    ["the flow's state", { flow: "Failed" }, "flow: Success, expected Failed"],
    ["a task's state", { tasks: { ...tasks, t3: { state: "Failed" } } }, "t3: Skipped, expected Failed"],
    ["a result", { tasks: { ...tasks, t2: { state: "Success", result: 2 } } }, "t2: 1, expected 2"],
    ["a child's state", { tasks: { t1: { state: "Mapped", children: [{ state: "Skipped" }] } } }, "t1: more than 1"],
    [
      "a child's result",
      {
        tasks: {
          t1: {
            state: "Mapped",
            children: [{ state: "Failed" }, { state: "Success", result: 4 }, { state: "Failed" }],
          },
        },
      },
      "t1[1]: 1, expected 4",
    ],
    [
      "a child too few",
      { tasks: { t1: { state: "Mapped", children: [...Array(4)].map(() => ({ state: "Failed" })) } } },
      "t1[3]: no state",
    ],
    ["a task that is not there", { tasks: { t9: { state: "Success" } } }, "t9: there is no such task"],
    ["how often a body ran", { executed: { t0: 1, t1: 4, t2: 1, t3: 1 } }, "t1: its body ran 5 times, expected 4"],
    ["a body that is not to run", { executed: { t0: 1, t1: 5, t2: 1 } }, "t3: its body ran 1 times, expected 0"],
    ["a run that is to be refused", { raises: true }, "the run is to be refused"],
  ])("tells where %s differs", async (_what, expected, text) => {
    const report = await told(planted(expected));
    expect(report).toContain("FAIL planted-1");
    expect(report).toContain(text);
    expect(report.split("\n").at(-1)).toBe("0 passed, 1 failed");
  });

  it("counts what cannot be said as failed, by its name", async () => {
    const line: Line = {
      ...good,
      flow: {
        tasks: [
          { name: "t0", kind: "const", cache_for: 1 },
          { name: "t1", kind: "dance" },
        ],
      },
    };
    const report = await told(line, good);
    expect(report).toContain("FAIL planted-1 NotYet: cache, kind dance");
    expect(report).toMatch(/1 {2}kind dance/);
    expect(report.split("\n").at(-1)).toBe("1 passed, 1 failed");
  });

  it("tells of a flow that cannot be built", async () => {
    const line: Line = { ...good, flow: { tasks: [{ name: "t0", kind: "echo", inputs: { a: "t7" } }] } };
    expect(await told(line)).toContain('the recorded flow has no step "t7"');
  });
});

describe("the conformance command", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-planted-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  const script = fileURLToPath(new URL("../../scripts/run-conformance.mjs", import.meta.url));

  function run(lines: readonly Line[], ...options: readonly string[]) {
    const file = join(folder, "planted.jsonl");
    writeFileSync(file, lines.map((line) => JSON.stringify(line)).join("\n"));
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, file, ...options], { encoding: "utf8" });
    return { status, last: stdout.trimEnd().split("\n").at(-1), stderr };
  }

  it("ends with code 0 only where nothing differs", () => {
    const bad = planted({ flow: "Failed" });
    expect(run([good])).toMatchObject({ status: 0, last: "1 passed, 0 failed" });
    expect(run([good, bad])).toMatchObject({ status: 1, last: "1 passed, 1 failed" });
    expect(run([good, { ...bad, family: "triggers" }], "--only", "mapping")).toMatchObject({ status: 0 });
    expect(run([good, { ...bad, family: "triggers" }], "--without", "mapping")).toMatchObject({ status: 1 });
  }, 120_000);

  it("refuses arguments that leave nothing to run", () => {
    expect(run([good], "--only", "maping")).toMatchObject({ status: 2 });
    expect(run([])).toMatchObject({ status: 2 });
  }, 120_000);
});
