// Owns: how works end of which no worker says it.

import type { OutcomeEnd } from "@millrace/core/pure";

export const DIED: OutcomeEnd = {
  end: "died",
  cause: { name: "WorkerLost", code: "WORKER_LOST", message: "the worker that ran it was lost" },
};
export const KILLED: OutcomeEnd = {
  end: "failed",
  failure: { name: "Cancelled", code: "CANCELLED", message: "killed" },
  retry: "no",
};
