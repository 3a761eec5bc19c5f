// A throw-away project with a stand-in for Millrace in it, in which flow files can be loaded.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Host } from "@millrace/code";
import { onTestFinished, vi } from "vitest";

// Each bundle starts a process of esbuild's.
vi.setConfig({ testTimeout: 30_000 });

const standIn = `
  export const flow = (name) => ({ name, [Symbol.for("millrace/1/flow")]: true });
  export const copy = import.meta.url;
`;

export type TempProject = { readonly folder: string; readonly host: Host; write(path: string, text: string): string };

/** Removed when the test is over. */
export function tempProject(files: Readonly<Record<string, string>> = {}): TempProject {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-test-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, text: string): string => {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    return file;
  };
  write("package.json", `{ "name": "temp", "type": "module" }`);
  write("node_modules/millrace/package.json", `{ "name": "millrace", "type": "module", "exports": "./dist/index.js" }`);
  for (const name of ["millrace", "@millrace/core", "@millrace/code"]) {
    write(`node_modules/${name}/dist/index.js`, standIn);
  }
  for (const [path, text] of Object.entries(files)) write(path, text);
  const host = {
    resolve: (specifier: string) => pathToFileURL(join(folder, "node_modules", specifier, "dist/index.js")).href,
  };
  return { folder, host, write };
}
