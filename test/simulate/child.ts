// Owns: a process that runs seeds, as its parent sees it. One that hangs in a seed is killed, and that seed has failed.

import { fork } from "node:child_process";
import { emptyTally, type Tally } from "./seeds.js";

/** Before each seed what was found so far; at the end all of it. */
export type FromChild =
  | { readonly at: number; readonly soFar: Pick<Tally, "seeds" | "failed" | "problems"> }
  | { readonly tally: Tally };

/** A seed that waits for ever gives up by itself, much earlier: this one keeps its process busy. */
const SILENT_SECONDS = 120;

export function inChild(script: string, args: readonly string[]): Promise<Tally> {
  return new Promise((resolve, reject) => {
    // Each event makes what the next one lets go of: room for it saves most of the collecting.
    const child = fork(script, args, { execArgv: ["--max-semi-space-size=64"] });
    let last: Extract<FromChild, { at: number }> | undefined;
    let silent = 0;
    // Seconds in which this process was awake: a machine that stood still makes no seed fail.
    const timer = setInterval(() => {
      if (++silent < SILENT_SECONDS || last === undefined) return;
      clearInterval(timer);
      resolve(hung(last));
      child.kill("SIGKILL");
    }, 1000);
    child.on("message", (message: FromChild) => {
      silent = 0;
      if ("at" in message) last = message;
      else resolve(message.tally);
    });
    child.once("exit", (code) => {
      clearInterval(timer);
      reject(new Error(`a process of seeds ended with code ${code}`));
    });
  });
}

function hung({ at, soFar }: Extract<FromChild, { at: number }>): Tally {
  const problem = `nothing came of it for ${SILENT_SECONDS} s; what its process was to run after it was not run`;
  return {
    ...emptyTally(),
    seeds: soFar.seeds + 1,
    failed: soFar.failed + 1,
    problems: [...soFar.problems, { seed: at, problems: [problem] }],
  };
}
