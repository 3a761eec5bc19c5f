/** Compiles a few files in a folder of their own with the compiler and the flags of this repository. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../../", import.meta.url));
const tsc = join(root, "node_modules/typescript/bin/tsc");

/** Below the repository, so that its packages are found. `done` removes it. */
export function tempFolder(name: string): { readonly path: string; readonly done: () => void } {
  const home = join(root, "node_modules/.cache/type-tests");
  mkdirSync(home, { recursive: true });
  const path = mkdtempSync(join(home, `${name}-`));
  return { path, done: () => rmSync(path, { recursive: true }) };
}

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** What tsc prints. */
export function compile(
  folder: string,
  options: object,
  files: readonly string[],
  flags: readonly string[] = [],
): string {
  const compilerOptions = { noEmit: true, incremental: false, noUnusedLocals: false, ...options };
  const config = { extends: join(root, "tsconfig.base.json"), compilerOptions, files };
  writeFiles(folder, { "tsconfig.json": JSON.stringify(config) });
  const args = [tsc, "-p", folder, "--pretty", "false", ...flags];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  return stdout + stderr;
}

/** The core as it stands in the sources: nothing has to be built before. */
export const fromSources = {
  paths: { "@millrace/core": [join(root, "packages/executor-core/src/index.ts")] },
};

export type Diagnostic = {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly code: string;
  /** With our own sentence behind it, where the compiler tells that only below. */
  readonly text: string;
};

/** The first line of each diagnostic, in the order of the source. */
export function diagnosticsOf(output: string): Diagnostic[] {
  const found = [...output.matchAll(/^(\S+?)\((\d+),(\d+)\): error (TS\d+): (.*)$(?:\n {2}(.*\bInvalid<.*)$)?/gm)];
  return found
    .map(([, file = "", line, column, code = "", first = "", sentence]) => {
      const text = sentence === undefined || first.includes("Invalid<") ? first : `${first} / ${sentence}`;
      return { file, line: Number(line), column: Number(column), code, text };
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}
