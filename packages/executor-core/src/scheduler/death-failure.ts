// Owns: what a task run fails with when what ran it died too often: the evidence of each death.

import type { FailureData } from "../work/failure-data.js";

export function deathFailure(deaths: readonly FailureData[]): FailureData {
  const last = deaths.at(-1) ?? { name: "WorkerDied", message: "what ran it died" };
  if (deaths.length < 2) return last;
  const each = deaths.map(({ message }, i) => `${i + 1}. ${message}`).join("; ");
  return { ...last, message: `what ran it died ${deaths.length} times: ${each}`, errors: deaths };
}
