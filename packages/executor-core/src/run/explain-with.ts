// Owns: an explanation of what the scheduler and the runner know together (D13).
// Does not own: what each of them knows.

import { explain, explainedName } from "../scheduler/explain.js";
import type { RunState } from "../scheduler/run-state.js";
import type { Explanation, RunnerReason } from "../states/explanation.js";
import type { NodeId } from "../work/ids.js";
import type { Runner } from "./runner.js";

/** `runner`: undefined while it starts. */
export function explainWith(
  s: RunState,
  runner: Runner | undefined,
  nowMs: number,
  node: NodeId,
  index: number | undefined,
): Explanation {
  const found = explain(s, node, nowMs, index);
  const isSent = found.code === "RUNNING";
  if (!isSent && found.code !== "NO_FREE_SLOT") return found;
  const name = explainedName(s, node, index);
  if (runner === undefined)
    return { ...found, code: "EXECUTOR_STARTING", sentence: `${name} waits for its executor to start` };
  const reason = isSent ? ofSent(s, runner, node, index) : runner.explain?.(undefined, needsOf(s, node));
  if (reason === undefined) return found;
  const { code, sentence, waitsFor } = reason;
  return { ...found, code, sentence: `${name} ${sentence}`, waitsFor };
}

function ofSent(s: RunState, runner: Runner, node: NodeId, index: number | undefined): RunnerReason | undefined {
  const taskRun = s.table.rowOf(node, index);
  if (taskRun === undefined) return undefined;
  return runner.explain?.({ run: s.facts.id, taskRun, attempt: s.attempt(taskRun) }, needsOf(s, node));
}

function needsOf(s: RunState, node: NodeId): Parameters<NonNullable<Runner["explain"]>>[1] {
  const spec = s.graph.spec(node);
  return spec.kind === "task" ? spec.needs : undefined;
}
