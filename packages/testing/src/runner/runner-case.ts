// Owns: what a case of the runner suite is given.

import type { WorkBatch } from "@millrace/core/seam";
import type { SuiteCase } from "../suite-case.js";
import type { DrivenRunner } from "./driven-runner.js";

export type RunnerCase = Omit<SuiteCase, "run"> & {
  /** `most`: how many works it may ask for. */
  readonly run: (driven: DrivenRunner, most: number) => Promise<void>;
};

export function onlyOf(batches: readonly WorkBatch[]): WorkBatch {
  const [only] = batches;
  if (only === undefined || batches.length > 1) throw new Error(`${batches.length} batches are not one`);
  return only;
}
