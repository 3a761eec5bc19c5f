// Owns: what a thread's tasks said, as reports of the seam.

import { type FlowRunId, flowRunId, type Report } from "@millrace/core/seam";
import type { Batch } from "./batch.js";
import type { SaidMessage } from "./wire.js";

/** `run`: undefined: it is over. `batch`: the one that the thread has, if it is that of the message. */
export function reportOf(
  message: SaidMessage,
  run: FlowRunId | undefined,
  batch: Batch | undefined,
  thread: number,
): Report {
  const { position, slug, task, mapIndex, runCount, atMs, said } = message;
  const work = batch === undefined || position < 0 ? undefined : batch.works.at(position);
  const exact = { taskRun: work?.taskRun, attempt: work?.attempt };
  return { run: run ?? flowRunId(""), atMs, by: { task, slug, mapIndex, runCount, thread, ...exact }, said };
}
