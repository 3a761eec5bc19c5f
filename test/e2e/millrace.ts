// The command line as a user has it: the built program in a process of its own, in a project of its own.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { onTestFinished, vi } from "vitest";

// Processes take their time where others run.
vi.setConfig({ testTimeout: 60_000 });

export const repository = fileURLToPath(new URL("../..", import.meta.url));
export const program = join(repository, "packages/millrace/bin/millrace.js");

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };
/** A program that runs: what it printed so far, and its end. */
export type Started = {
  readonly process: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Resolves as soon as stdout has this in it. */
  prints(text: string): Promise<void>;
};

export function start(script: string, args: readonly string[], cwd: string): Started {
  const child = spawn(process.execPath, [script, ...args], { cwd, stdio: ["ignore", "pipe", "pipe"] });
  onTestFinished(() => void child.kill("SIGKILL")); // of a test that failed; others have waited for its end
  let [stdout, stderr] = ["", ""];
  child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
  const prints = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const look = (): void => void (stdout.includes(text) && resolve());
      child.stdout.on("data", look);
      child.once("close", () => reject(new Error(`it ended without printing ${text}:\n${stdout}${stderr}`)));
      look();
    });
  return { process: child, ended, prints };
}

export const millrace = (cwd: string, ...args: readonly string[]): Promise<Ended> => start(program, args, cwd).ended;

/** A folder outside of the repository with these files, removed when the test is over. */
export function project(files: Readonly<Record<string, string>>): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "millrace-e2e-")));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const all = { "package.json": `{ "type": "module" }`, "node_modules/.keep": "", ...files };
  for (const [path, text] of Object.entries(all)) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  return folder;
}

/** Makes the repository's own millrace the one that is installed in the project. */
export const installMillrace = (folder: string): void =>
  symlinkSync(join(repository, "packages/millrace"), join(folder, "node_modules/millrace"));
