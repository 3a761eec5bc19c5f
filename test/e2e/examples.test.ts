import { join } from "node:path";
import { expect, it } from "vitest";
import { millrace, repository, start } from "./millrace.js";

it("hello prints what README.md says it prints", async () => {
  const { code, stdout } = await millrace(repository, "run", "examples/hello/flow.ts");
  expect(stdout).toMatch(/^task .*\ngreet-1 +3 Success .*\njoin-1 +Success .*\n\nhello: Success in /);
  expect(stdout).toMatch(/\n\nHello, Ada!\nHello, Grace!\nHello, Barbara!\n$/);
  expect(code).toBe(0);
});

it("fetch gets 200 pages from a server on this machine and counts their words", async () => {
  const run = start(join(repository, "examples/fetch/main.mjs"), ["--json"], repository);
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
});
