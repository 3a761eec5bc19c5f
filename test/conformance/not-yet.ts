// Owns: which constructs of the format the API cannot say yet. A line with one of them counts as failed, by this name.
import { knowsAction } from "./bodies.js";
import {
  allSteps,
  isMerge,
  isTask,
  type Line,
  type RecordedFlow,
  stepsOf,
  type TaskStep,
  type TriggerField,
} from "./format.js";
import { knowsKind } from "./kinds.js";
import { gatesOf } from "./plan.js";

const TRIGGERS = [
  "all_successful",
  "all_failed",
  "any_successful",
  "any_failed",
  "all_finished",
  "not_all_skipped",
] as const;
const ARGUMENTS = new Set(["a", "b", "c"]);
/** Signals that `signal_by` can be told to give, by what they are called here. */
const SIGNALS = new Map([
  ["retry_once", "signal RETRY"],
  ["trigger_fail", "signal TRIGGERFAIL"],
  ["validation_fail", "signal VALIDATIONFAIL"],
]);

export function constructsNotYet(line: Line): readonly string[] {
  const found = new Set<string>();
  for (const step of allSteps(stepsOf(line.flow))) {
    if (isTask(step)) for (const construct of ofTask(step)) found.add(construct);
    else if (isMerge(step) && step.mapped === true) found.add("merge of maps, child by child");
    else if ("switch" in step && step.mapped === true) found.add("switch over a map");
    else if ("resource" in step) found.add("resource");
  }
  for (const construct of gatesNotYet(line.flow)) found.add(construct);
  const runs = [...(line.runs ?? []), ...(line.run === undefined ? [] : [line.run])];
  if (runs.some((run) => Object.keys(run.task_states ?? {}).length > 0)) found.add("seeds");
  return [...found];
}

function* ofTask(step: TaskStep): Generator<string> {
  if ((step.flattened?.length ?? 0) > 0) yield "flatten";
  if (step.retry_on !== undefined) yield "retry_on";
  if (step.cache_for !== undefined || step.cache_validator !== undefined) yield "cache";
  if (step.handlers !== undefined) yield "handlers";
  if (!isKnownTrigger(step.trigger)) yield `trigger ${JSON.stringify(step.trigger)}`;
  if (step.kind === "retry_signal") yield "signal RETRY";
  else if (!knowsKind(step.kind)) yield `kind ${step.kind}`;
  if (step.kind === "signal_by") yield* ofActions(step.value);
  for (const key of Object.keys(step.inputs ?? {})) if (!ARGUMENTS.has(key)) yield `argument ${key}`;
}

function* ofActions(value: TaskStep["value"]): Generator<string> {
  for (const action of Array.isArray(value) ? value.map(String) : []) {
    if (action.startsWith("endrun_")) yield "signal ENDRUN";
    else if (!knowsAction(action)) yield SIGNALS.get(action) ?? `action ${action}`;
  }
}

function isKnownTrigger(trigger: TriggerField | undefined): boolean {
  if (typeof trigger === "object") return "some_failed" in trigger || "some_successful" in trigger;
  return trigger === undefined || TRIGGERS.some((name) => name === trigger);
}

/** A task is made inside the one branch that gates it, and so behind the condition. */
function* gatesNotYet(flow: RecordedFlow): Generator<string> {
  const steps = [...allSteps(stepsOf(flow))];
  const places = new Map(steps.map((step, i) => ["name" in step ? step.name : "", i] as const));
  const gated = new Set<string>();
  for (const [task, { condition }] of steps.flatMap(gatesOf)) {
    if (gated.has(task)) yield "a task behind two switches";
    gated.add(task);
    const isLate = (places.get(condition) ?? -1) > (places.get(task) ?? -1);
    if (isLate) yield "a switch whose condition is made after its task";
  }
}
