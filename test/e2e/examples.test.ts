import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { millrace, repository, start } from "./millrace.js";

const text = (path: string): string => readFileSync(join(repository, path), "utf8");
/** Times differ from run to run, and with them the blanks of their column. */
const withoutTimes = (output: string): string => output.replace(/(?:< )?\d+ ms/g, "(time)");

it("hello is the flow that README.md shows, and prints what it says", async () => {
  const { code, stdout } = await millrace(repository, "run", "examples/hello/flow.ts");
  const readme = text("README.md");
  expect(readme).toContain(`\`\`\`ts\n${text("examples/hello/flow.ts")}\`\`\`\n`);
  expect(withoutTimes(readme)).toContain(`$ npx millrace run examples/hello/flow.ts\n${withoutTimes(stdout)}\`\`\`\n`);
  expect(code).toBe(0);
});

const executors = ["sequential", "async", "threads"];

it.each(executors)("hello says the same on %s", async (executor) => {
  const { code, stdout } = await millrace(repository, "run", "examples/hello/flow.ts", "--executor", executor);
  expect([code, stdout.trimEnd().split("\n").at(-1)]).toEqual([0, "Hello, Barbara!"]);
});

it.each(executors)("pool counts primes on %s, and ends by itself", async (executor) => {
  const { code, stdout, stderr } = await start(join(repository, "examples/pool/main.mjs"), [executor], repository)
    .ended;
  expect(stdout).toContain("750000 to 1000000: 18260 primes\n");
  expect(stdout).toMatch(/\n148933 primes below two millions\n$/);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
});

it.each(executors)(
  "fetch gets 200 pages from a server on this machine and counts their words, on %s",
  async (executor) => {
    const run = start(join(repository, "examples/fetch/main.mjs"), ["--json", "--executor", executor], repository);
    const { code, stdout } = await run.ended;
    const all = { state: "Mapped", children: { Success: 200 } };
    // Page i has i + 1 words; every twentieth page is refused once.
    expect(JSON.parse(stdout)).toMatchObject({
      state: "Success",
      value: 20_100,
      tasks: [
        { slug: "list-pages-1" },
        { slug: "fetch-page-1", ...all },
        { slug: "count-words-1", ...all },
        { slug: "sum-1" },
      ],
    });
    expect(code).toBe(0);
  },
);
