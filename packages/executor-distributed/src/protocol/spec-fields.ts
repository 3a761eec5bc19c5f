// Owns: what nodes of one spec have in common, as fields: sent once a run. In place of the function stands its key.

import {
  AMOUNT_MAX,
  type CaseTest,
  type FailureData,
  type Needs,
  PRIORITY_MAX,
  type RetryPolicy,
  type Rerun,
  type StructureSpec,
  type TaskKey,
  type TaskSpec,
  TRIGGER_NAMES,
  type Trigger,
  type TriggerBounds,
  type ValueMeta,
} from "@millrace/core/pure";
import { failure, rerun, retryPolicy } from "./failure-fields.js";
import { bool, type Field, f64From, list, optional, span, text, uint, value, word } from "./fields.js";
import { choice, shape } from "./shapes.js";

/** Where the function is not: by its key it is found again (D7). */
export type SentTaskSpec = Omit<TaskSpec, "fn" | "made"> & {
  readonly task: TaskKey;
  /** Why its arguments could not be sent: it fails with that when it would begin. */
  readonly refused?: FailureData | undefined;
};
export type SentSpec = SentTaskSpec | StructureSpec;

export const taskKey: Field<TaskKey> = shape({ code: text, source: text, name: text });

/** At most infinitely many, as users may write it. */
const bound = f64From(0, Number.POSITIVE_INFINITY);
const bounds: Field<TriggerBounds> = shape<{ atLeast: number | undefined; atMost: number | undefined }>({
  atLeast: optional(bound),
  atMost: optional(bound),
});
const triggerName = word(TRIGGER_NAMES);
const sentTrigger = choice("by", {
  name: { name: triggerName },
  someFailed: { someFailed: bounds },
  someSuccessful: { someSuccessful: bounds },
});

const trigger: Field<Trigger> = {
  says: "trigger",
  write: (out, given) => {
    if (typeof given === "string") sentTrigger.write(out, { by: "name", name: given });
    else if ("someFailed" in given) sentTrigger.write(out, { by: "someFailed", ...given });
    else sentTrigger.write(out, { by: "someSuccessful", ...given });
  },
  read: (from) => {
    const found = sentTrigger.read(from);
    if (found.by === "name") return found.name;
    return found.by === "someFailed" ? { someFailed: found.someFailed } : { someSuccessful: found.someSuccessful };
  },
};

/** A length; -1: no list. */
const listLength: Field<number> = {
  says: "length",
  write: (out, given) => out.varint(given + 1),
  read: (from) => from.varint() - 1,
};
export const meta: Field<ValueMeta> = shape({ length: listLength, truthy: bool });

const caseTest: Field<CaseTest> = choice("is", { truthy: {}, falsy: {}, equal: { value } });

const amounts: Field<Readonly<Record<string, number>>> = {
  says: "list of { name: text, amount: f64 }",
  write: (out, given) =>
    amountList.write(
      out,
      Object.entries(given).map(([name, amount]) => ({ name, amount })),
    ),
  // An own property whatever its name is.
  read: (from) => Object.fromEntries(amountList.read(from).map(({ name, amount }) => [name, amount])),
};
const amountList = list(shape({ name: text, amount: f64From(0, AMOUNT_MAX) }));

export const resources = amounts;
export const priority = f64From(-PRIORITY_MAX, PRIORITY_MAX);
export const needs: Field<Needs> = shape({ resources: amounts, labels: list(text) });

const taskFields = {
  name: text,
  tags: list(text),
  task: taskKey,
  args: list(text),
  retry: retryPolicy satisfies Field<RetryPolicy>,
  timeoutMs: optional(span),
  rerun: rerun satisfies Field<Rerun>,
  trigger: optional(trigger),
  skipOnUpstreamSkip: optional(bool),
  mapped: bool,
  maxConcurrency: optional(uint),
  maxOpenPipelines: optional(uint),
  needs: optional(needs),
  priority: optional(priority),
  refused: optional(failure),
};

const spec: Field<SentSpec> = choice("kind", {
  task: taskFields,
  parameter: { name: text },
  constant: { meta },
  list: {},
  record: { keys: list(text) },
  pick: {},
  case: { test: caseTest },
  gate: {},
  merge: {},
  isFailed: {},
  succeeded: {},
  result: {},
});

export const specs: Field<readonly SentSpec[]> = list(spec);
