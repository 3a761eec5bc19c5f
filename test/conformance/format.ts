// Owns: the types of a recorded flow, versions 1 and 2 of the format, and reading a file of them. `README.md` beside this
// file says what each field means.
import { readFileSync } from "node:fs";

export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What an argument is given: the result of a step or parameter, a collection of such, or a constant. */
export type Input =
  | string
  | { readonly list: readonly Input[] }
  | { readonly dict: Readonly<Record<string, Input>> }
  | { readonly const: Json };

export type Bounds = { readonly at_least?: number; readonly at_most?: number };
export type TriggerField = string | { readonly some_failed: Bounds } | { readonly some_successful: Bounds };

export type TaskStep = {
  readonly name: string;
  readonly kind: string;
  readonly value?: Json;
  readonly inputs?: Readonly<Record<string, Input>>;
  readonly mapped?: readonly string[];
  readonly flattened?: readonly string[];
  readonly upstream?: readonly string[];
  readonly upstream_mapped?: readonly string[];
  readonly trigger?: TriggerField;
  readonly skip_on_upstream_skip?: boolean;
  readonly max_retries?: number;
  readonly retry_on?: readonly string[];
  readonly cache_for?: number;
  readonly cache_validator?: Json;
  readonly handlers?: readonly Json[];
};
export type MergeStep = {
  readonly name: string;
  readonly kind: "merge";
  readonly branches: readonly string[];
  readonly mapped?: boolean;
};
export type CaseStep = { readonly case: string; readonly value: Condition; readonly tasks: readonly Step[] };
export type SwitchStep = {
  readonly switch: string;
  readonly cases: readonly (readonly [Condition, string])[];
  readonly mapped?: boolean;
};
export type IfElseStep = { readonly ifelse: string; readonly true?: string; readonly false?: string };
export type ResourceStep = { readonly resource: string; readonly tasks: readonly Step[] };
export type Step = TaskStep | MergeStep | CaseStep | SwitchStep | IfElseStep | ResourceStep;
export type Condition = string | number | boolean;

/** Version 1 only: one condition with two branches and their merge. */
export type SwitchOfVersion1 = {
  readonly condition: { readonly name: string; readonly input: string };
  readonly true: { readonly name: string; readonly value: Json };
  readonly false: { readonly name: string; readonly value: Json };
  readonly merge: string;
};

export type RecordedFlow = {
  readonly tasks: readonly Step[];
  readonly switch?: SwitchOfVersion1;
  readonly parameters?: readonly { readonly name: string; readonly default?: Json }[];
  readonly reference_tasks?: readonly string[];
};

export type RunGiven = {
  readonly parameters?: Readonly<Record<string, Json>>;
  readonly task_states?: Readonly<Record<string, Json>>;
};

export type ExpectedState = {
  readonly state: string;
  readonly result?: Json;
  readonly children?: readonly ExpectedState[];
};
export type Expected = {
  readonly flow?: string;
  readonly tasks?: Readonly<Record<string, ExpectedState>>;
  readonly executed?: Readonly<Record<string, number>>;
  readonly transitions?: Json;
  readonly raises?: boolean;
};

export type Line = {
  readonly id: string;
  readonly version?: number;
  readonly family?: string;
  readonly flow: RecordedFlow;
  readonly run?: RunGiven;
  readonly runs?: readonly RunGiven[];
  readonly expected: Expected & { readonly runs?: readonly Expected[] };
};

export function readLines(path: string): readonly Line[] {
  const rows = readFileSync(path, "utf8").split("\n");
  return rows.flatMap((row, i) => (row.trim() === "" ? [] : [parseLine(row, `${path}:${i + 1}`)]));
}

function parseLine(row: string, place: string): Line {
  const line: Line = JSON.parse(row);
  if (typeof line.id === "string" && line.flow?.tasks !== undefined && line.expected !== undefined) return line;
  throw new Error(`${place} is no recorded flow: it needs "id", "flow" with "tasks", and "expected"`);
}

export const familyOf = (line: Line): string => line.family ?? "v1";

/** The runs of a line with what is expected of each; most lines have one. */
export function runsOf(line: Line): readonly { readonly given: RunGiven; readonly expected: Expected }[] {
  if (line.runs === undefined) return [{ given: line.run ?? {}, expected: line.expected }];
  return line.runs.map((given, i) => ({ given, expected: line.expected.runs?.[i] ?? {} }));
}

/** All steps, those in blocks too. */
export function* allSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    if ("tasks" in step) yield* allSteps(step.tasks);
  }
}

export const isTask = (step: Step): step is TaskStep => "kind" in step && step.kind !== "merge";
export const isMerge = (step: Step): step is MergeStep => "kind" in step && step.kind === "merge";

/** A map, whatever its elements come from: arguments or an upstream that only gives the width. */
export const isMapped = (step: TaskStep): boolean =>
  (step.mapped?.length ?? 0) > 0 || (step.upstream_mapped?.length ?? 0) > 0;

/** The steps of a line, the switch of version 1 written as version 2 would write it. */
export function stepsOf(flow: RecordedFlow): readonly Step[] {
  const given = flow.switch;
  if (given === undefined) return flow.tasks;
  const { condition, merge } = given;
  const branch = (value: boolean, task: { readonly name: string; readonly value: Json }): CaseStep => ({
    case: condition.name,
    value,
    tasks: [{ name: task.name, kind: "const", value: task.value }],
  });
  return [
    ...flow.tasks,
    { name: condition.name, kind: "is_even", inputs: { a: condition.input } },
    branch(true, given.true),
    branch(false, given.false),
    { name: merge, kind: "merge", branches: [given.true.name, given.false.name] },
  ];
}
