// Owns: what must be known of a whole recorded flow before its first node is made: which branch gates a task, which maps
// certainly have children, which need their children gathered.
import {
  allSteps,
  type Condition,
  type Input,
  isMapped,
  isMerge,
  isTask,
  type RecordedFlow,
  type Step,
  stepsOf,
  type TaskStep,
} from "./format.js";

export type Gate = { readonly condition: string; readonly test: { readonly equals: Condition } | "truthy" | "falsy" };
/** An if-else whose sides are merged: one `ifElse`, whose result is that merge. */
export type Choice = { readonly condition: string; readonly no: string; readonly merge: string };

export type Plan = {
  readonly steps: readonly Step[];
  readonly gates: ReadonlyMap<string, Gate>;
  /** By the name of the side that runs if the condition holds. */
  readonly choices: ReadonlyMap<string, Choice>;
  readonly tasks: ReadonlyMap<string, TaskStep>;
  /** Maps that end as Mapped whatever happens. */
  readonly surelyMapped: ReadonlySet<string>;
};

export function planOf(flow: RecordedFlow): Plan {
  const steps = stepsOf(flow);
  const tasks = new Map([...allSteps(steps)].filter(isTask).map((step) => [step.name, step] as const));
  const gates = new Map([...allSteps(steps)].flatMap(gatesOf));
  return { steps, gates, choices: choicesIn(steps, tasks), tasks, surelyMapped: surelyMapped(steps, gates) };
}

/** The tasks that a switch or an if-else gates. */
export function gatesOf(step: Step): readonly (readonly [string, Gate])[] {
  if ("switch" in step) {
    return step.cases.map(([equals, task]) => [task, { condition: step.switch, test: { equals } }] as const);
  }
  if (!("ifelse" in step)) return [];
  const sides = [
    [step.true, "truthy"],
    [step.false, "falsy"],
  ] as const;
  return sides.flatMap(([task, test]) =>
    task === undefined ? [] : [[task, { condition: step.ifelse, test }] as const],
  );
}

/** The sides stand next to each other, neither takes the other, and a merge takes both: else each is a branch of its own. */
function choicesIn(steps: readonly Step[], tasks: ReadonlyMap<string, TaskStep>): Map<string, Choice> {
  const merges = steps.filter(isMerge);
  const places = new Map(steps.map((step, i) => ["name" in step ? step.name : "", i] as const));
  const choices = new Map<string, Choice>();
  for (const step of steps) {
    if (!("ifelse" in step) || step.true === undefined || step.false === undefined) continue;
    const [yes, no] = [step.true, step.false];
    const merge = merges.find(({ branches }) => branches.length === 2 && branches[0] === yes && branches[1] === no);
    const isNext = (places.get(no) ?? 0) === (places.get(yes) ?? 0) + 1;
    if (merge !== undefined && isNext && !takes(tasks.get(no), yes))
      choices.set(yes, { condition: step.ifelse, no, merge: merge.name });
  }
  return choices;
}

/** Whether a task waits for another: as an input, inside of one, or for order only. */
function takes(step: TaskStep | undefined, name: string): boolean {
  const { inputs = {}, upstream = [], upstream_mapped: paired = [] } = step ?? {};
  return [...Object.values(inputs).flatMap(namesIn), ...upstream, ...paired].includes(name);
}

function namesIn(input: Input): readonly string[] {
  if (typeof input === "string") return [input];
  if ("const" in input) return [];
  return ("list" in input ? input.list : Object.values(input.dict)).flatMap(namesIn);
}

/** Maps, outside of blocks and branches, of which every upstream task cannot but succeed, and give a list where need be. */
function surelyMapped(steps: readonly Step[], gates: ReadonlyMap<string, Gate>): Set<string> {
  const outside = steps.filter(isTask).filter(({ name }) => !gates.has(name));
  const roots = new Map(outside.filter(isRoot).map((step) => [step.name, step] as const));
  const isList = (input: Input): boolean => {
    const root = typeof input === "string" ? roots.get(input) : undefined;
    return root?.kind === "range" || Array.isArray(root?.value);
  };
  const isSure = (step: TaskStep): boolean => {
    const inputs = Object.entries(step.inputs ?? {});
    const isOver = (key: string): boolean => step.mapped?.includes(key) === true;
    const lists = inputs.filter(([key]) => isOver(key)).map(([, input]) => input);
    const wholes = inputs.filter(([key]) => !isOver(key)).map(([, input]) => input);
    const isThere = (input: Input): boolean => typeof input === "string" && roots.has(input);
    return (
      [...lists, ...(step.upstream_mapped ?? [])].every(isList) && [...wholes, ...(step.upstream ?? [])].every(isThere)
    );
  };
  return new Set(outside.filter((step) => isMapped(step) && isSure(step)).map(({ name }) => name));
}

function isRoot(step: TaskStep): boolean {
  const waits = [Object.keys(step.inputs ?? {}), step.upstream ?? [], step.upstream_mapped ?? []];
  return (
    ["const", "range"].includes(step.kind) && waits.every((names) => names.length === 0) && step.trigger === undefined
  );
}
