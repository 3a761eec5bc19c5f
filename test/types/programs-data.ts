/** How it reads: five realistic programs (loading, filtering, searching, reporting, branching). They compile. */
import { readdir } from "node:fs/promises";
import type { Mapped, Ref, Settled, Task } from "@millrace/core";
import {
  AsyncExecutor,
  context,
  flow,
  ifElse,
  isFailed,
  loop,
  merge,
  param,
  settled,
  settledEach,
  skip,
  succeeded,
  task,
  unmapped,
  when,
} from "@millrace/core";

/* ---------------------------------------------------------------- 1. a paged API: retries, rescue, a cursor */
interface Order {
  id: string;
  cents: number;
}
interface Page {
  items: Order[];
  next?: string;
}
type Row = Order & { eur: number };
const getPage = task(
  "get-page",
  { retries: 5, retryDelay: "1s", maxConcurrency: 4 },
  async (base: string, page: number): Promise<Page> => {
    const response = await fetch(`${base}?page=${page}`, { signal: context().signal });
    if (response.status === 404) return { items: [] };
    return (await response.json()) as Page;
  },
);
const pageNumbers = task("page-numbers", (count: number) => Array.from({ length: count }, (_, i) => i));
const itemsOf = task("items", (pages: Page[]) => pages.flatMap((page) => page.items));
const toEuro = task("to-euro", (order: Order, rate: number): Row => ({ ...order, eur: order.cents * rate }));
const load = task("load", { retries: 2 }, async (rows: Row[], _db: string) => rows.length);
const quarantine = task("quarantine", async (rows: Row[], why: string) => rows.length + why.length);
const reasonOf = task("reason", (s: Settled<unknown>) => (s.status === "failed" ? String(s.error) : ""));

export const etl = flow(
  "etl",
  { params: { base: param<string>(), pages: param(7), db: param<string>(), rate: param(1.1) } },
  (p) => {
    const pages = getPage.map(unmapped(p.base), pageNumbers(p.pages));
    const rows = toEuro.map(itemsOf(pages), unmapped(p.rate));
    const outcome = settled(load(rows, p.db));
    return ifElse(
      isFailed(outcome),
      () => quarantine(rows, reasonOf(outcome)),
      () => load.with({ name: "load-again" })(rows, p.db),
    );
  },
);

/** The same by a cursor: each round says what the next one starts from. */
interface Cursor {
  url: string;
  orders: Order[];
}
const allOrders = task("all-orders", async (base: string): Promise<Order[]> => {
  const { url, orders } = context().loopValue<Cursor>({ url: base, orders: [] });
  const page = await getPage.fn(url, 0);
  const sofar = [...orders, ...page.items];
  if (page.next !== undefined) loop({ url: page.next, orders: sofar } satisfies Cursor);
  return sofar;
});
export const byCursor = flow("by-cursor", { params: { base: param<string>() } }, (p) =>
  toEuro.map(allOrders(p.base), unmapped(1.1)),
);

/* ---------------------------------------------------------------- 2. filter by skip, reduce what is left */
interface Config {
  minWords: number;
  stop: string[];
}
const fetchText = task("fetch-text", { retries: 3 }, async (url: string) => (await fetch(url)).text());
const parse = task("parse", (html: string, c: Config) => html.split(" ").filter((w) => !c.stop.includes(w)));
const keep = task("keep", (words: string[], c: Config) => (words.length < c.minWords ? skip("too short") : words));
const score = task("score", (words: string[]) => words.length);
const total = task("total", (xs: number[]) => xs.reduce((a, b) => a + b, 0));
const config: Config = { minWords: 3, stop: ["a"] };

export const scores = flow("scores", { params: { urls: param<string[]>() } }, (p) => {
  const words = parse.map(fetchText.map(p.urls), unmapped(config));
  return total(succeeded(score.map(keep.map(words, unmapped(config)))));
});
/* ---------------------------------------------------------------- 3. hyper-parameter search, object arguments */
interface Setting {
  depth: number;
  rate: number;
}
interface Data {
  x: number[][];
  y: number[];
}
const loadData = task("load-data", async (_path: string): Promise<Data> => ({ x: [], y: [] }));
const split = task("split", { nout: 2 }, (d: Data, _ratio: number): [train: Data, test: Data] => [d, d]);
const grid = task("grid", (depths: number[], rates: number[]): Setting[] =>
  depths.flatMap((depth) => rates.map((rate) => ({ depth, rate }))),
);
const train = task("train", (data: Data, setting: Setting) => data.y.map((y) => y * setting.rate));
const evaluate = task("evaluate", (model: number[], test: Data) => model.length / (test.y.length + 1));
const best = task("best", (settings: Setting[], scores: number[]) => settings[scores.indexOf(Math.max(...scores))]);

export const search = flow(
  "search",
  { params: { path: param<string>(), depths: param([3, 5]), rates: param([0.1, 0.2]) } },
  (p) => {
    const [training, test] = split(loadData(p.path), 0.8);
    const settings = grid(p.depths, p.rates);
    const scores = evaluate.map(train.map(unmapped(training), settings), unmapped(test));
    return { winner: best(settings, scores), tried: { settings, scores } };
  },
);

/* ---------------------------------------------------------------- 4. thumbnails: a report of what failed */
interface Size {
  w: number;
  h: number;
}
const list = task("list", (dir: string) => readdir(dir));
const thumb = task("thumb", { retries: 1, maxOpenPipelines: 8 }, async (file: string, size: Size) => ({
  file,
  ...size,
}));
const report = task("report", (files: string[], made: Settled<{ file: string }>[]) => ({
  made: made.flatMap((t) => (t.status === "success" ? [t.value.file] : [])),
  failed: made.flatMap((t, i) => (t.status === "failed" ? [{ file: files[i], why: String(t.error) }] : [])),
}));
export const thumbs = flow(
  "thumbs",
  { params: { dir: param<string>(), size: param<Size>({ w: 128, h: 128 }) }, executor: new AsyncExecutor() },
  (p) => {
    const files = list(p.dir);
    return report(files, settledEach(thumb.map(files, unmapped(p.size))));
  },
);
const { made, failed } = await thumbs.run({ dir: "." });
console.log(made.length, failed[0]?.why);

/* ---------------------------------------------------------------- 5. a branch */
interface Doc {
  id: string;
  text: string;
}
const count = task("count", (d: Doc) => d.text.split(" ").length);
const isBig = task("is-big", (n: number, limit: number) => n > limit);
const summarise = task("summarise", async (d: Doc) => ({ id: d.id, summary: "s" }));
const keepAll = task("keep-all", (d: Doc) => ({ id: d.id, full: d.text }));
const store = task("store", async (x: { id: string; summary: string } | { id: string; full: string }) => x.id);
const docParams = { doc: param<Doc>(), limit: param(100) };

export const branchy = flow("branchy", { params: docParams, executor: new AsyncExecutor({ concurrency: 8 }) }, (p) =>
  store(
    ifElse(
      isBig(count(p.doc), p.limit),
      () => summarise(p.doc),
      () => keepAll(p.doc),
    ),
  ),
);
export const branchyByWhen = flow("branchy-2", { params: docParams }, (p) => {
  const big = isBig(count(p.doc), p.limit);
  return store(
    merge(
      when(big, () => summarise(p.doc)),
      when(big, false, () => keepAll(p.doc)),
    ),
  );
});

/* ---------------------------------------------------------------- helpers of one's own, generic over the item */
export function enrichAll<T, U>(items: Ref<T[]>, enrich: Task<(item: T) => Promise<U>>): Mapped<U> {
  return enrich.map(items);
}
export function each<T, U>(items: Ref<T[]>, step: (items: Ref<T[]>) => Mapped<U>): Ref<Settled<U>[]> {
  return settledEach(step(items));
}
interface User {
  id: string;
  name: string;
}
const addMail = task("add-mail", async (u: User) => ({ ...u, mail: `${u.name}@example.org` }));
export const mails = flow("mails", { params: { users: param<User[]>() } }, (p) => ({
  enriched: enrichAll(p.users, addMail),
  settled: each(p.users, (users) => addMail.map(users)),
}));
const found = await mails.run({ users: [] });
console.log(found.enriched[0]?.mail, found.settled[0]?.status);
