// The development tools as commands: each is the script that its package ships, run by this same Node.
import { spawnSync } from "node:child_process";
import { root } from "./bootstrap.mjs";

const scripts = {
  biome: "node_modules/@biomejs/biome/bin/biome",
  oxlint: "node_modules/oxlint/bin/oxlint",
  tsc: "node_modules/typescript/bin/tsc",
  vitest: "node_modules/vitest/vitest.mjs",
};

/**
 * Runs a tool, or a script given by its path. With `stdio` "pipe" nothing is shown and `output` holds it. `env` is added to
 * the environment.
 */
export function runTool(name, args, stdio = "inherit", env = {}) {
  const script = scripts[name] ?? name;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: stdio === "pipe" ? ["ignore", "pipe", "pipe"] : "inherit",
    encoding: "utf8",
  });
  return { status: status ?? 1, output: `${stdout ?? ""}${stderr ?? ""}` };
}
