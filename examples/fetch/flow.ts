// Fetches many pages at once and counts their words. Run it with `node examples/fetch/main.mjs`, which serves some
// pages on this machine, or with `millrace run examples/fetch/flow.ts --param base=http://... --param pages=20`.
import { AsyncExecutor, context, flow, param, task } from "millrace";

const listPages = task("list-pages", (base: string, pages: number) =>
  Array.from({ length: pages }, (_, i) => `${base}/page/${i}`),
);

const fetchPage = task("fetch-page", { retries: 3, retryDelay: "50ms" }, async (url: string) => {
  const response = await fetch(url, { signal: context().signal });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  return response.text();
});

const countWords = task("count-words", (text: string) => text.split(/\s+/).filter((word) => word !== "").length);
const sum = task("sum", (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0));

const params = { base: param<string>(), pages: param(200) };

/** All pages are on their way together; each is counted as soon as it is there. */
export const wordCount = flow("word-count", { params, executor: new AsyncExecutor({ concurrency: 200 }) }, (p) =>
  sum(countWords.map(fetchPage.map(listPages(p.base, p.pages)))),
);
