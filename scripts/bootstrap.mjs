// Makes a fresh clone ready to run: installs what the lock names, builds what is older than its sources.
// Needs Node and npm only. Where nothing is to do it costs some milliseconds and says nothing. What it does say goes to
// stderr, so that stdout belongs to the command that called it.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildJs, isJsStale } from "./build-js.mjs";

export const root = fileURLToPath(new URL("..", import.meta.url));

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

function changedAtMs(path) {
  return statSync(root + path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

/** npm writes the inner lock last, whatever command it ran: an install that was cut short has none. */
function isInstalled() {
  const installedAtMs = changedAtMs("node_modules/.package-lock.json");
  return installedAtMs > 0 && installedAtMs >= changedAtMs("package-lock.json");
}

function runNpm(...args) {
  const { status, stdout, stderr } = spawnSync(npm, args, { cwd: root, encoding: "utf8" });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}

function install() {
  console.error("bootstrap: npm ci");
  let result = runNpm("ci", "--no-audit", "--no-fund");
  // The lock and what this platform needs differ: npm ci refuses that, npm install mends it.
  if (!result.ok && result.output.includes("EUSAGE")) {
    console.error("bootstrap: npm ci says EUSAGE, so npm install instead; package-lock.json may change");
    result = runNpm("install", "--no-audit", "--no-fund");
  }
  if (result.ok) return;
  console.error(result.output);
  console.error("bootstrap: the packages could not be installed; npm's own words are above");
  process.exit(1);
}

export function ensureInstalled() {
  if (!isInstalled()) install();
}

/** Installed and built: what every command needs that runs the product rather than its sources. */
export async function bootstrap() {
  ensureInstalled();
  if (isJsStale()) {
    console.error("bootstrap: building");
    await buildJs();
  }
}
