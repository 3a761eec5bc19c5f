// Owns: how much longer `millrace run` of a small flow takes in threads than in sequence, its bundle cached.
import { spawnSync } from "node:child_process";
import { realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { alone, type Bench } from "../bench.js";
import { median, rounded, spread } from "../stats.js";

const ROUNDS = 9;
const packageFolder = dirname(dirname(realpathSync(fileURLToPath(import.meta.resolve("millrace")))));
const cli = join(packageFolder, "bin", "millrace.js");
const flow = join(packageFolder, "..", "..", "examples", "hello", "flow.ts");

function timed(executor: string): number {
  const startedAt = performance.now();
  const args = [cli, "run", flow, "--quiet", "--executor", executor];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const tookMs = performance.now() - startedAt;
  if (status !== 0) throw new Error(`node ${args.join(" ")} ended with ${status}: ${stderr}`);
  return tookMs;
}

export const bench: Bench = async () => {
  const [overs, threads]: [number[], number[]] = [[], []];
  for (let round = 0; round <= ROUNDS; round++) {
    const sequentialMs = timed("sequential");
    const threadsMs = timed("threads");
    // The first round fills the caches.
    if (round === 0) continue;
    overs.push(threadsMs - sequentialMs);
    threads.push(threadsMs);
  }
  const extra = { spread: spread(overs), threads: rounded(median(threads)), rounds: ROUNDS };
  return alone("threads-start", rounded(median(overs)), "ms over sequential", extra);
};
