// Flows in threads from the command line: what a user sees, and what is left when it ends.
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it } from "vitest";
import { installMillrace, millrace, program, project, start } from "./millrace.js";

const flows = `
import { context, flow, task } from "millrace";
import { ThreadPoolExecutor } from "millrace/local";
import { isMainThread } from "node:worker_threads";
const where = task("where", (_x: number) => isMainThread);
const fails = task("fails", (x: number) => {
  if (x === 2) throw new RangeError("two is too much");
  return x;
});
const spins = task("spins", () => {
  process.stdout.write("spinning\\n");
  for (;;);
});
export const good = flow("good", () => where.map([1, 2, 3]));
export const own = flow("own", { executor: new ThreadPoolExecutor({ threads: 1 }) }, () => where(1));
export const bad = flow("bad", () => fails.map([1, 2, 3]));
export const deaf = flow("deaf", () => spins());
`;
const unloadable = `
import { flow, task } from "millrace";
import { isMainThread } from "node:worker_threads";
if (!isMainThread) throw new Error("not in a thread");
const lonely = task("lonely", (x: number) => x);
export const f = flow("f", () => lonely.map([1, 2, 3]));
`;

function inProject(text: string): string {
  const folder = project({ "flow.ts": text });
  installMillrace(folder);
  return folder;
}

describe("millrace run in threads", () => {
  it.each([
    ["--threads 2", "good", ["--threads", "2"], "[ false, false, false ]"],
    ["--executor threads", "good", ["--executor", "threads"], "[ false, false, false ]"],
    ["the flow's own executor", "own", [], "false"],
    ["async instead of the flow's own", "own", ["--executor", "async"], "true"],
  ])("%s", async (_name, flow, options, value) => {
    const { code, stdout, stderr } = await millrace(inProject(flows), "run", `flow.ts:${flow}`, ...options);
    expect(stderr).toBe("");
    expect(stdout.trimEnd().endsWith(value)).toBe(true);
    expect(code).toBe(0);
  });

  it("shows the user's own line of an error, as in one process", async () => {
    const { code, stderr } = await millrace(inProject(flows), "run", "flow.ts:bad", "--threads", "2");
    expect(stderr).toContain("fails-1[1] failed: RangeError: two is too much");
    expect(stderr).toMatch(/at flow\.ts:7:/);
    expect(code).toBe(1);
  });

  it("a module that cannot be loaded in a thread fails its tasks, once each [T3]", async () => {
    const { code, stdout, stderr } = await millrace(inProject(unloadable), "run", "flow.ts", "--threads", "2");
    expect(stdout).toContain("3 Failed");
    expect(stderr).toContain("not in a thread");
    expect(code).toBe(1);
  });

  it("Ctrl-C ends a task that never yields, and the process with it [POOL-3]", async () => {
    const run = start(program, ["run", "flow.ts:deaf", "--threads", "1"], inProject(flows));
    await run.prints("spinning");
    run.process.kill("SIGINT");
    const { code, stdout } = await run.ended;
    expect(stdout).toContain("deaf: Cancelled in");
    expect(code).toBe(130);
  });

  it.each(["free", "taken"])("runs under a debugger whose port is %s: threads open none of their own", async (port) => {
    const folder = inProject(flows);
    const holder = createServer().listen(0, "127.0.0.1");
    await once(holder, "listening");
    const address = holder.address();
    if (address === null || typeof address === "string") throw new Error("it listens on no port");
    if (port === "free") await new Promise((resolve) => holder.close(resolve));
    const inspect = `--inspect=127.0.0.1:${address.port}`;
    const { code, stdout, stderr } = await start(inspect, [program, "run", "flow.ts:good", "--threads", "2"], folder)
      .ended;
    if (port === "taken") await new Promise((resolve) => holder.close(resolve));
    expect(stdout.trimEnd().endsWith("[ false, false, false ]")).toBe(true);
    expect(stderr.match(/Debugger listening|address already in use/g)).toEqual([
      port === "free" ? "Debugger listening" : "address already in use",
    ]);
    expect(code).toBe(0);
  });
});

/** The tasks' module changes between its first load and the one in the threads. */
const changing = `
import { rmSync, writeFileSync } from "node:fs";
import { openPool } from "millrace";
import { ThreadPoolExecutor } from "millrace/local";
import { double } from "./tasks.mjs";

const file = new URL("./tasks.mjs", import.meta.url);
const text = process.argv[2];
if (text === "gone") rmSync(file);
else writeFileSync(file, text);
const pool = await openPool(new ThreadPoolExecutor({ threads: 2 }));
const ends = await Promise.allSettled([1, 2, 3].map((x) => pool.submit(double, x)));
for (const { reason } of ends) console.log(reason.code, reason.message.split("\\n")[0]);
await pool.close();
`;

describe("a module that was loaded once and cannot be loaded again fails each of its tasks with the reason [T3]", () => {
  it.each([
    ["gone", /^TASK_UNREACHABLE the task "double" was made in \/.*tasks\.mjs, which is there no more/],
    ["export const = ;", /^FLOW_FILE_SYNTAX tasks\.mjs:1:14: Expected identifier/],
    ["throw new Error('at load');", /^FLOW_FILE_THREW tasks\.mjs:1:7 threw while it was loaded: Error: at load/],
  ])("%s", async (text, reason) => {
    const folder = project({
      "main.mjs": changing,
      "tasks.mjs": `import { task } from "millrace";\nexport const double = task("double", (x) => 2 * x);\n`,
    });
    installMillrace(folder);
    const { code, stdout, stderr } = await start("main.mjs", [text], folder).ended;
    expect(stdout.trimEnd().split("\n")).toEqual(Array(3).fill(expect.stringMatching(reason)));
    expect([code, stderr]).toEqual([0, ""]);
  });
});
