// Owns: starting a run of a built flow: values of the parameters, the executor, the link, the signal.
// Does not own: building and checking (`flow`), driving the run (the executor).

import { randomUUID } from "node:crypto";
import { workInside } from "../attempt/context.js";
import { AsyncExecutor } from "../executors/async.js";
import type { Executor, RunLink } from "../run/executor.js";
import { realClock } from "../run/real-clock.js";
import { flowRunId } from "../work/ids.js";
import type { Blueprint } from "./blueprint.js";
import { FlowError } from "./flow-error.js";
import { LiveRun } from "./flow-run.js";
import { kindOf } from "./node-ref.js";
import type { ParameterValues } from "./params.js";
import type { FlowRun, RunOptions } from "./run-types.js";

const CONCURRENCY = 16;

export function startRun<T>(
  blueprint: Blueprint,
  values: ParameterValues,
  flowExecutor: Executor | undefined,
  options: RunOptions,
): FlowRun<T> {
  const executor = options.executor ?? flowExecutor ?? new AsyncExecutor({ concurrency: CONCURRENCY });
  checkExecutor(executor, "the option executor");
  const id = randomUUID();
  const names = { id, name: `${blueprint.flow}-${id.slice(0, 8)}` };
  const link = executor.open({
    id: flowRunId(id),
    flow: blueprint.flow,
    name: names.name,
    parameters: values,
    keepResults: options.keepResults ?? "all",
    references: blueprint.references,
    returned: blueprint.returned,
    inside: workInside(executor),
  });
  for (const { name, node } of blueprint.parameters) link.put(node, values[name]);
  const { graph } = blueprint;
  link.extend({ graph, first: 0, end: graph.size, last: true });
  if (options.signal !== undefined) followSignal(link, options.signal);
  return new LiveRun<T>(names, blueprint, link, (then) => void realClock.wakeAt(realClock.now(), then));
}

export function checkExecutor(executor: unknown, what: string): void {
  if (typeof executor === "object" && executor !== null && "open" in executor) return;
  throw new FlowError(
    "INVALID_OPTION",
    `${what} is ${kindOf(executor)}: give an executor object, as in new AsyncExecutor()`,
  );
}

function followSignal(link: RunLink, signal: AbortSignal): void {
  const cancel = (): void => link.cancel(reasonOf(signal.reason));
  if (signal.aborted) {
    cancel();
    return;
  }
  signal.addEventListener("abort", cancel, { once: true });
  const leave = (): void => signal.removeEventListener("abort", cancel);
  link.done.then(leave, leave);
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
