import { describe, expect, it } from "vitest";
import { millrace, program, project, start } from "./millrace.js";

const flows = `
import { context, flow, param, task } from "millrace";

const add = task("add", (a: number, b: number) => a + b);
const print = task("print", (n: number) => {
  console.log("printed", n);
  return n;
});
const check = task("check", (n: number) => {
  if (n === 2) throw new RangeError("two is too much");
  return n;
});
const wait = task("wait", async () => {
  const { signal } = context();
  console.log("waiting");
  await new Promise((resolve) => {
    const timer = setTimeout(resolve, 60_000);
    signal.addEventListener("abort", () => resolve(clearTimeout(timer)));
  });
});
const deaf = task("deaf", async () => {
  console.log("waiting");
  await new Promise((resolve) => setTimeout(resolve, 60_000));
});

export const sum = flow("sum", { params: { a: param(1), b: param(2) } }, (p) => add(p.a, p.b));
export const printing = flow("printing", { params: { ns: param([1, 2]) } }, (p) => print.map(p.ns));
export const checking = flow("checking", { params: { ns: param([1, 2, 3, 2]) } }, (p) => check.map(p.ns));
export const waiting = flow("waiting", () => wait());
export const deafly = flow("deafly", () => add(1, 2) && deaf());
export const forgetful = flow("forgetful", () => task("open", () => void setTimeout(() => {}, 2_500))());
export const stalled = flow("stalled", () => add(task("never", () => new Promise<number>(() => {}))(), 1));
export const functions = flow("functions", () => task("make", () => ({ users: [{ greet: () => "hi" }] }))());
const trace = task("trace", () => String(new Error("here").stack));
export const tracing = flow("tracing", () => trace());
export const mapped = flow("mapped", () => task("pairs", () => new Map([[1, 2]]))());
`;

const inProject = (...args: readonly string[]): ReturnType<typeof millrace> =>
  millrace(project({ "flow.ts": flows }), ...args);

describe("millrace run", () => {
  it.each(["async", "sequential"])(
    "with --check-values fails a task whose result could not travel, on %s",
    async (name) => {
      const run = ["run", "flow.ts:functions", "--executor", name];
      expect(await inProject(...run)).toMatchObject({ code: 0 });
      const { code, stderr } = await inProject(...run, "--check-values");
      expect(code).toBe(1);
      expect(stderr).toContain(
        "NotSerialisable [NOT_SERIALISABLE]: result.users[0].greet is a function, which cannot leave the process",
      );
    },
  );

  it("prints a table and the value, and exits with 0", async () => {
    const { code, stdout, stderr } = await inProject("run", "flow.ts:sum", "--param", "a=40");
    expect(stdout.replace(/(?:< )?\d+ ms/g, "(time)")).toBe(
      "task   state    time in it\nadd-1  Success  (time)\n\nsum: Success in (time)\n\n42\n",
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it.each(["async", "sequential"])("shows the errors of a run that failed with their source, on %s", async (name) => {
    const { code, stdout, stderr } = await inProject("run", "flow.ts:checking", "--executor", name);
    expect(stdout).toContain("check-1  2 Success, 2 Failed");
    expect(stdout).toMatch(/checking: Failed in .*\n$/); // and no value
    expect(stderr.split("\n")).toEqual([
      'the flow "checking" failed',
      "",
      "check-1[1] failed: RangeError: two is too much",
      "  at flow.ts:10:22",
      '     9 | const check = task("check", (n: number) => {',
      '  > 10 |   if (n === 2) throw new RangeError("two is too much");',
      "       |                      ^",
      "",
      "check-1[3] failed: RangeError: two is too much",
      "  at flow.ts:10:22",
      '     9 | const check = task("check", (n: number) => {',
      '  > 10 |   if (n === 2) throw new RangeError("two is too much");',
      "       |                      ^",
      "",
    ]);
    expect(code).toBe(1);
  });

  it.each(["async", "sequential"])("stacks that a task reads name lines of the source, on %s", async (executor) => {
    const { stdout } = await inProject("run", "flow.ts:tracing", "--executor", executor, "--json");
    const { value } = JSON.parse(stdout);
    expect(value).toMatch(/\/flow\.ts:34:42\)?\n/);
  });

  it("--quiet prints errors only", async () => {
    expect(await inProject("run", "flow.ts:sum", "--quiet")).toEqual({ code: 0, stdout: "", stderr: "" });
    const { code, stdout, stderr } = await inProject("run", "flow.ts:checking", "--quiet");
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain("check-1[1] failed: RangeError: two is too much");
  });

  it.each([["async"], ["sequential"]])("--executor %s gives the same value", async (executor) => {
    const { stdout } = await inProject("run", "flow.ts:sum", "--executor", executor, "--json");
    expect(JSON.parse(stdout)).toMatchObject({ value: 3 });
  });

  it("--concurrency says how many tasks go on at once", async () => {
    const counting = `
      import { flow, task } from "millrace";
      let [open, most] = [0, 0];
      const count = task("count", async (_: number) => {
        most = Math.max(most, ++open);
        await new Promise((resolve) => setTimeout(resolve, 5));
        open--;
      });
      const tell = task("tell", (_: unknown) => most);
      export default flow("counting", () => tell(count.map([1, 2, 3, 4, 5, 6, 7])));`;
    const { stdout } = await millrace(
      project({ "flow.ts": counting }),
      "run",
      "flow.ts",
      "--concurrency",
      "3",
      "--json",
    );
    expect(JSON.parse(stdout)).toMatchObject({ value: 3 });
  });

  it("says what keeps the process open when the flow is done", async () => {
    const { code, stderr } = await inProject("run", "flow.ts:forgetful");
    expect(stderr).toContain("left something open (Timeout)");
    expect(code).toBe(0);
  });
});

describe("a run whose tasks wait for what can never come", () => {
  it("is ended with exit code 1, and says which tasks do", async () => {
    const { code, stdout, stderr } = await inProject("run", "flow.ts:stalled");
    expect(stderr.split("\n")).toEqual([
      'RUN_STALLED: the flow "stalled" cannot end: 1 of its tasks wait for promises that nothing can settle any more',
      expect.stringMatching(/^- never-1 has been sent and has not ended(: the runner has not answered for \d+ s)?$/),
      "- add-1 waits for never-1",
      "",
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  });
});

describe("millrace run --json", () => {
  it("prints one document and nothing else on stdout", async () => {
    const { code, stdout, stderr } = await inProject("run", "flow.ts:printing", "--json");
    expect(JSON.parse(stdout)).toEqual({
      flow: "printing",
      state: "Success",
      value: [1, 2],
      tasks: [{ slug: "print-1", state: "Mapped", children: { Success: 2 }, durationMs: expect.any(Number) }],
      errors: [],
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: "printed 1\nprinted 2\n" });
  });

  it("has the errors of a run that failed, with their places", async () => {
    const { code, stdout } = await inProject("run", "flow.ts:checking", "--json");
    const place = { file: expect.stringMatching(/^\/.*\/flow\.ts$/), line: 10, column: 22 };
    expect(JSON.parse(stdout)).toEqual({
      flow: "checking",
      state: "Failed",
      tasks: [
        { slug: "check-1", state: "Mapped", children: { Success: 2, Failed: 2 }, durationMs: expect.any(Number) },
      ],
      errors: [1, 3].map((index) => ({
        task: "check-1",
        index,
        name: "RangeError",
        message: "two is too much",
        place,
      })),
    });
    expect(code).toBe(1);
  });

  it("leaves out a value that JSON would change", async () => {
    const { stdout } = await inProject("run", "flow.ts:mapped", "--json");
    expect(JSON.parse(stdout)).toMatchObject({ state: "Success", noValue: "value is a Map" });
    expect(JSON.parse(stdout)).not.toHaveProperty("value");
  });

  it("is a document too where nothing ran", async () => {
    const { code, stdout, stderr } = await inProject("run", "flow.ts", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      flow: null,
      state: null,
      tasks: [],
      errors: [{ code: "SEVERAL_FLOWS" }],
    });
    expect(stderr).toMatch(/^SEVERAL_FLOWS: /);
    expect(code).toBe(2);
  });
});

describe("Ctrl-C", () => {
  it("cancels the run: its tasks are asked to stop, and the exit code is 130", async () => {
    const run = start(program, ["run", "flow.ts:waiting"], project({ "flow.ts": flows }));
    await run.prints("waiting");
    run.process.kill("SIGINT");
    const { code, stdout, stderr } = await run.ended;
    expect(stdout).toContain("waiting: Cancelled in");
    expect(stderr).toContain("Ctrl-C again ends at once");
    expect(stderr).toContain("was cancelled: interrupted by Ctrl-C");
    expect(code).toBe(130);
  });

  it("loses nothing of a document that is longer than a pipe takes at once", async () => {
    const long = `${flows}export const long = flow("long", () => {
      let last = task("first", async () => wait.fn().then(() => 1))();
      for (let i = 0; i < 10_000; i++) last = add(last, 1);
      return last;
    });`;
    const run = start(program, ["run", "flow.ts:long", "--json"], project({ "flow.ts": long }));
    await new Promise<void>((resolve) => {
      run.process.stderr?.on("data", (text: string) => void (text.includes("waiting") && resolve()));
    });
    run.process.kill("SIGINT");
    const { code, stdout } = await run.ended;
    const document: { tasks: readonly unknown[] } = JSON.parse(stdout);
    expect({ code, tasks: document.tasks.length }).toEqual({ code: 130, tasks: 10_001 });
  });

  it("a second time ends at once, whatever the tasks do", async () => {
    const run = start(program, ["run", "flow.ts:deafly", "--json"], project({ "flow.ts": flows }));
    const told = new Promise<void>((resolve) => {
      let stderr = "";
      const look = (text: string): void => {
        stderr += text;
        if (stderr.includes("waiting") && !run.process.killed) run.process.kill("SIGINT");
        if (stderr.includes("Ctrl-C again")) resolve();
      };
      run.process.stderr?.on("data", look);
    });
    await told;
    run.process.kill("SIGINT");
    const { code, stdout } = await run.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
  });
});
