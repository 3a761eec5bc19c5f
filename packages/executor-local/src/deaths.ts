// Owns: what a thread's death was, in words for the task that it took along.

import type { FailureData } from "@millrace/core/seam";
import type { ThreadLimits } from "./thread.js";

/** `how`: what the thread said of its own end, if it did. */
export function deathOf(
  error: Error,
  slug: string,
  how: string | undefined,
  limits: ThreadLimits | undefined,
): FailureData {
  if ("code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY") {
    const limit = limits?.maxOldGenerationSizeMb;
    const said = limit === undefined ? "" : ` of ${limit} MiB (resourceLimits.maxOldGenerationSizeMb)`;
    return {
      name: "WorkerOutOfMemory",
      code: "WORKER_OUT_OF_MEMORY",
      message: `"${slug}" used up the heap of its thread${said}: let it hold less at a time, or give threads more`,
    };
  }
  const cause = how ?? exitOf(error);
  return { name: "WorkerDied", code: "WORKER_DIED", message: `the thread that ran "${slug}" ended: ${cause}` };
}

function exitOf({ message }: Error): string {
  const [, code] = /exited with code: (-?\d+)/.exec(message) ?? [];
  return code === undefined ? message : `it exited with code ${code}`;
}
