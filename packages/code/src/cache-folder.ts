// Owns: where the bundles of an entry file lie.
// C1. Below the project: from there the bundle's imports find the same packages as the source's.
// C2. Folders mirror the paths of the entries, so that two entries never meet and none needs a name of its own.

import { accessSync, constants, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join, relative } from "node:path";
import { isFile, projectFolder } from "./package-folder.js";

/** Where the bundle of an entry may be, best first. */
export function cacheFolders(entry: string): readonly string[] {
  const project = projectFolder(dirname(entry));
  const beside = join(dirname(entry), ".millrace", basename(entry));
  if (project === undefined) return [beside];
  return [join(project, "node_modules", ".cache", "millrace", relative(project, entry)), beside];
}

/** The first that can be written, made; else a fresh folder, for this process only. */
export function writableFolder(entry: string): string {
  return cacheFolders(entry).find(canWrite) ?? passingFolder();
}

function passingFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "millrace-bundle-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function canWrite(folder: string): boolean {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
    keepOutOfGit(folder);
    return true;
  } catch {
    return false;
  }
}

/** A `.millrace` beside a source file lies in the user's repository. */
function keepOutOfGit(folder: string): void {
  const parent = dirname(folder);
  const ignore = join(parent, ".gitignore");
  if (basename(parent) === ".millrace" && !isFile(ignore)) writeFileSync(ignore, "*\n");
}
