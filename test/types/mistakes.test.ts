import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { compile, diagnosticsOf, fromSources, root, tempFolder, writeFiles } from "./compile.js";

const source = readFileSync(join(root, "test/types/mistakes.txt"), "utf8");
const golden = join(root, "test/types/mistakes.golden.txt");
/** The number that a line bears. */
const numberOf = (line: number): string =>
  /^\/\*(\d+)\*\//.exec(source.split("\n")[line - 1] ?? "")?.[1] ?? `line ${line}`;

// An unused @ts-expect-error tells that a mistake compiles, but not that its message still says what is wrong.
test("the first lines of what the compiler says to common mistakes", { timeout: 60_000 }, async () => {
  const folder = tempFolder("mistakes");
  try {
    writeFiles(folder.path, { "mistakes.ts": source });
    const found = diagnosticsOf(compile(folder.path, fromSources, ["mistakes.ts"]));
    expect(found.filter(({ file }) => file !== "mistakes.ts")).toEqual([]);
    const lines = found.map(({ line, code, text }) => `${numberOf(line)} ${code} ${text}`);
    const silent = [...source.matchAll(/^\/\*(\d+)\*\//gm)].map(([, number]) => number);
    expect(silent.filter((number) => !lines.some((line) => line.startsWith(`${number} `)))).toEqual([]);
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(golden);
  } finally {
    folder.done();
  }
});
