// Owns: how long `millrace run` of a small flow takes over a bare `node -e 0`: in TypeScript with its bundle cached, with the
// cache emptied before, and in JavaScript.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone, type Bench, type Figures } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const ROUNDS = 9;
const packageFolder = dirname(dirname(realpathSync(fileURLToPath(import.meta.resolve("millrace")))));
const cli = join(packageFolder, "bin", "millrace.js");

const flowText = (typed: boolean): string => `import { flow, task } from "millrace";

const greet = task("greet", (name${typed ? ": string" : ""}) => \`hello \${name}\`);
export const hello = flow("hello", () => greet("world"));
`;

/** A project as a user has one, with the package that is built here. */
function makeProject(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-hello-")));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "hello", private: true, type: "module" }));
  writeFileSync(join(folder, "hello.ts"), flowText(true));
  writeFileSync(join(folder, "hello.js"), flowText(false));
  mkdirSync(join(folder, "node_modules"));
  symlinkSync(packageFolder, join(folder, "node_modules", "millrace"), "dir");
  return folder;
}

function timed(folder: string, ...args: readonly string[]): number {
  const startedAt = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return tookMs;
}

function emptyCaches(folder: string): void {
  for (const place of [join("node_modules", ".cache"), ".millrace"]) {
    rmSync(join(folder, place), { recursive: true, force: true });
  }
}

/** Milliseconds over the bare start of the same round, by what was started. */
function measure(folder: string): ReadonlyMap<string, number[]> {
  const starts = new Map<string, () => number>([
    ["first", () => (emptyCaches(folder), timed(folder, cli, "run", "hello.ts"))],
    ["cached", () => timed(folder, cli, "run", "hello.ts")],
    ["js", () => timed(folder, cli, "run", "hello.js")],
  ]);
  const over = new Map<string, number[]>([...starts.keys(), "bare"].map((name) => [name, []]));
  for (let round = 0; round <= ROUNDS; round++) {
    const bare = timed(folder, "-e", "0");
    const figures = [...starts].map(([name, start]) => [name, start() - bare] as const);
    // The first round fills the caches of the file system.
    if (round > 0) for (const [name, figure] of [...figures, ["bare", bare] as const]) over.get(name)?.push(figure);
  }
  return over;
}

export const bench: Bench = async () => {
  const folder = makeProject();
  try {
    const over = measure(folder);
    const of = (name: string): readonly number[] => over.get(name) ?? [];
    const figures = (name: string): Figures => ({ median: rounded(median(of(name))), spread: spread(of(name)) });
    return alone("start-up", rounded(median(of("cached"))), "ms over node -e 0", {
      spread: spread(of("cached")),
      first: figures("first"),
      js: figures("js"),
      bare: figures("bare"),
      rounds: ROUNDS,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};
