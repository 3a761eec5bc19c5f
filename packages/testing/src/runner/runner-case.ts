// Owns: what a case of the runner suite is given, and what several of them look for.

import assert from "node:assert/strict";
import type { FlowRunId, ValueRef, WorkBatch } from "@millrace/core/seam";
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

export async function isMissing(driven: DrivenRunner, run: FlowRunId, name: ValueRef): Promise<void> {
  const answer = await driven.fetchValue(run, name);
  // Where values can be lost, one that is not there is no failure yet: the scheduler may have it made again.
  if (driven.runner.capabilities.remote) return assert.equal(answer.kind, "missing");
  assert.equal(answer.kind, "failed", `a value of task run ${name.taskRun}, attempt ${name.attempt} was given`);
  assert.equal(answer.kind === "failed" && answer.failure.code, "VALUE_LOST");
}
