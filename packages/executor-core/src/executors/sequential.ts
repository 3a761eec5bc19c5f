// Owns: the executor for debugging: one task at a time, in the user's process.

import { ExecutorOver } from "../run/executor-over.js";
import { localParts } from "./local-parts.js";

/** One task at a time, best first: pipelines are finished before new ones are opened (LOCAL-3). */
export class SequentialExecutor extends ExecutorOver {
  constructor() {
    super("SequentialExecutor", localParts(1));
  }
}
