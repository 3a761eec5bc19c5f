/** How it reads: a service, order without data, tests. They compile. */
// As users write it who have not switched these rules on.
/* oxlint-disable typescript/no-floating-promises, typescript/no-misused-promises */
import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import * as z from "zod";
import {
  AsyncExecutor,
  FlowCancelled,
  FlowFailed,
  InvalidParams,
  SequentialExecutor,
  flow,
  param,
  skip,
} from "@millrace/core";
import { succeeded, task, unmapped } from "@millrace/core";

/* ---------------------------------------------------------------- 6. HTTP: what came from outside is parsed */
const Body = z.object({
  urls: z.array(z.url()).max(50),
  limit: z.number().int().default(10),
  since: z
    .string()
    .transform((s) => new Date(s))
    .optional(),
});
const sizeOf = task("size", async (url: string, since?: Date) => url.length + (since?.getTime() ?? 0));
const top = task("top", (xs: number[], n: number) => xs.sort((a, b) => b - a).slice(0, n));
export const sizes = flow("sizes", { params: Body, executor: new AsyncExecutor({ concurrency: 16 }) }, (p) => ({
  sizes: top(sizeOf.map(p.urls, unmapped(p.since)), p.limit),
  limit: p.limit,
}));

export async function post(request: Request): Promise<Response> {
  try {
    const params = sizes.parse(await request.json());
    return Response.json(await sizes.run(params, { signal: request.signal }));
  } catch (error) {
    if (error instanceof InvalidParams) return Response.json(error.issues, { status: 400 });
    if (error instanceof FlowCancelled) return new Response(null, { status: 499 });
    if (error instanceof FlowFailed) return Response.json(error.causes.map(String), { status: 500 });
    throw error;
  }
}
export const server = createServer(async (request, response) => {
  const closed = new AbortController();
  request.on("close", () => closed.abort());
  let text = "";
  for await (const chunk of request) text += chunk;
  const result = await sizes.run(sizes.parse(JSON.parse(text)), { signal: closed.signal });
  response.end(JSON.stringify(result.sizes));
});
/** Watch a run while it goes on. */
export async function watch(urls: string[]): Promise<number> {
  const run = sizes.start({ urls });
  for await (const changes of run.changes()) console.log(changes.length, run.summary().Running);
  const finished = await run.done;
  if (finished.state !== "Success") console.error(await run.explain("top-1"), finished.states.get("size-1", 0));
  return finished.value.limit;
}

/* ---------------------------------------------------------------- 9. tags, slugs, order without data */
const migrate = task("migrate", async (db: string) => void db);
const backup = task("backup", { tags: ["slow"] }, async (db: string) => `${db}.bak`);
const vacuum = task("vacuum", async (db: string) => db.length);
export const nightly = flow("nightly", { params: { db: param("main") }, tags: ["night"] }, (p) => {
  const saved = backup(p.db);
  const migrated = migrate.with({ upstream: [saved], slug: "migrate-main", tags: ["ddl"] })(p.db);
  vacuum.with({ upstream: [migrated], trigger: "allFinished", retries: 2, retryDelay: "1m" })(p.db);
  return saved;
});

/* ---------------------------------------------------------------- 10. tests */
const fetchPage = task("fetch-page", { retries: 3 }, async (url: string) =>
  url === "" ? skip("no url") : (await fetch(url)).text(),
);
const countWords = task("count-words", (text: string) => text.split(/\s+/).length);
const totalOf = task("total", (xs: number[]) => xs.length);
export const wordCount = flow("word-count", { params: { urls: param<string[]>() } }, (p) =>
  totalOf(succeeded(countWords.map(fetchPage.map(p.urls)))),
);
test("a task alone", () => assert.equal(countWords.fn("a b"), 2));
test("one page is skipped", async () => {
  const run = await wordCount.start({ urls: ["", "y"] }, { executor: new SequentialExecutor() }).done;
  assert.equal(run.states.get("fetch-page-1", 0), "Skipped");
  assert.equal(await run.resultOf("total-1"), 0);
  await assert.rejects(wordCount.run({ urls: [""] }), FlowFailed);
});
