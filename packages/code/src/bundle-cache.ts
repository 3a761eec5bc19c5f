// Owns: bundles on disk: finding the one of an entry file, writing one, removing old ones.
// Does not own: making one (`bundle`), where they lie (`cache-folder`).
// B1. The record beside the bundles names one of them and holds everything it was made of; it is valid only while all of
//     that is the same.
// B2. A bundle's name is the hash of its code, and every file comes into being under its final name complete: processes
//     that write the same entry at once cannot harm each other.

import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Asset } from "./assets.js";
import type { Bundle } from "./bundle.js";
import { cacheFolders } from "./cache-folder.js";
import { type InputTexts, areUnchanged, readText } from "./input-texts.js";
import { isFile } from "./package-folder.js";

const recordName = "bundle.json";
/** Of the record and of what is done to sources: to be raised with either. */
const format = 4;
/** A process that has just read a record is about to load its bundle. */
const keptMs = 3_600_000;

/** What is valid for one entry and host. */
type BundleRecord = {
  readonly format: number;
  readonly entry: string;
  readonly host: string;
  readonly inputs: InputTexts;
  readonly bundle: string;
  readonly hash: string;
  readonly assets: readonly Asset[];
};
export type StoredBundle = {
  readonly path: string;
  readonly inputs: InputTexts;
  /** SHA-256 of the code without its map, in hexadecimal. */
  readonly hash: string;
  readonly assets: readonly Asset[];
};

/** The bundle of an entry, if its inputs are still what they were. */
export function findBundle(entry: string, host: string): StoredBundle | undefined {
  for (const folder of cacheFolders(entry)) {
    const record = readRecord(join(folder, recordName));
    if (record === undefined || record.entry !== entry || record.host !== host) continue;
    const path = join(folder, record.bundle);
    if (isFile(path) && areUnchanged(record.inputs)) return { ...record, path };
  }
  return undefined;
}

export async function storeBundle(folder: string, entry: string, host: string, made: Bundle): Promise<StoredBundle> {
  const { createHash } = await import("node:crypto");
  const hash = createHash("sha256").update(made.code).digest("hex");
  const bundle = `${hash.slice(0, 32)}.mjs`;
  writeWhole(folder, `${bundle}.map`, made.map);
  writeWhole(folder, bundle, `${made.code}//# sourceMappingURL=${bundle}.map\n`);
  const { inputs, assets } = made;
  const record: BundleRecord = { format, entry, host, inputs, bundle, hash, assets };
  writeWhole(folder, recordName, JSON.stringify(record));
  removeOld(folder, bundle);
  return { path: join(folder, bundle), inputs, hash, assets };
}

function readRecord(path: string): BundleRecord | undefined {
  try {
    const record: unknown = JSON.parse(readText(path) ?? "null");
    return isRecord(record) ? record : undefined;
  } catch {
    return undefined; // not ours, or of a write that a full disk cut short
  }
}

/** Only what wrote it is trusted with the rest: the format says that we did. */
function isRecord(value: unknown): value is BundleRecord {
  return typeof value === "object" && value !== null && "format" in value && value.format === format;
}

/** B2. */
function writeWhole(folder: string, name: string, text: string): void {
  const temporary = join(folder, `.${name}.${process.pid}.${Date.now()}`);
  writeFileSync(temporary, text);
  renameSync(temporary, join(folder, name));
}

function removeOld(folder: string, bundle: string): void {
  const before = Date.now() - keptMs;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (name === recordName || name.startsWith(bundle)) continue;
    const changedAtMs = statSync(path, { throwIfNoEntry: false })?.mtimeMs;
    if (changedAtMs !== undefined && changedAtMs < before) rmSync(path, { force: true, recursive: true });
  }
}
