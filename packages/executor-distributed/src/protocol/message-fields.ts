// Owns: the fields that messages are made of beyond the simple ones: ids, facts, templates, holders, questions, answers.

import {
  type AskId,
  askId,
  type Explanation,
  type FailureData,
  type FetchRefusal,
  type FlowRunId,
  flowRunId,
  type NodeId,
  nodeId,
  REASON_CODES,
  STATE_NAMES,
  STORY_CAUSES,
  type StoryLine,
  type TaskKey,
  type TaskRunId,
  taskRunId,
  type TemplateId,
  templateId,
  type ValueRange,
  type WorkTemplate,
} from "@millrace/core/pure";
import { failure, rerun, retryPolicy, stateData } from "./failure-fields.js";
import { bool, type Field, f64, list, named, optional, span, text, uint, value, word, words } from "./fields.js";
import { IdRuns } from "./id-runs.js";
import { ID_END, ROWS_MAX } from "./limits.js";
import { valueRanges } from "./ranges.js";
import { choice, shape } from "./shapes.js";
import { Slab } from "./slab.js";
import { meta, needs, priority, taskKey } from "./spec-fields.js";
import { sentTree } from "./tree-codec.js";

const id: Field<number> = {
  says: "id",
  write: (out, given) => out.varint(given),
  read: (from) => from.upTo(ID_END - 1),
};

export const run: Field<FlowRunId> = named(text, "run", flowRunId);
export const node: Field<NodeId> = named(id, "node", nodeId);
export const taskRun: Field<TaskRunId> = named(id, "task run", taskRunId);
export const templateNumber: Field<TemplateId> = named(id, "template", templateId);
export const ask: Field<AskId> = named(uint, "ask", askId);

/** Never as many objects as it names. */
export const nodes: Field<IdRuns> = {
  says: "node ids as runs",
  write: (out, given) => given.write(out),
  read: (from) => IdRuns.read(from, ID_END),
};

const parameterList = list(shape({ name: text, value: optional(value) }));
/** Each by itself: nobody on the way reads one. Undefined: it is too large to be sent to everybody. */
const parameters: Field<Readonly<Record<string, unknown>>> = {
  says: "list of { name: text, value: value? }",
  write: (out, given) =>
    parameterList.write(
      out,
      Object.entries(given).map(([name, of]) => ({ name, value: of })),
    ),
  // An own property whatever its name is.
  read: (from) => Object.fromEntries(parameterList.read(from).map(({ name, value: of }) => [name, of])),
};

export type SentFacts = {
  readonly id: FlowRunId;
  readonly flow: string;
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  readonly checkValues: boolean;
  readonly once: boolean;
  /** The flow's own code: where a task is looked for that its own module does not make. */
  readonly origin: TaskKey | undefined;
};
export const facts: Field<SentFacts> = shape({
  id: run,
  flow: text,
  name: text,
  parameters,
  checkValues: bool,
  once: bool,
  origin: optional(taskKey),
});

export type SentTemplate = Omit<WorkTemplate, "fn" | "made"> & { readonly task: TaskKey };
export const template: Field<SentTemplate> = shape({
  id: templateNumber,
  name: text,
  tags: list(text),
  slugPrefix: text,
  args: list(sentTree),
  retry: retryPolicy,
  timeoutMs: optional(span),
  rerun,
  needs: optional(needs),
  priority: optional(priority),
  task: taskKey,
});

/** Where a run was opened: a work of another run. */
export const inside = shape({ run, taskRun, attempt: uint });

export type SentQuestion =
  | { readonly kind: "fetch" }
  | { readonly kind: "probe"; readonly equals: { readonly value: unknown } | undefined };
export const question: Field<SentQuestion> = choice("kind", {
  fetch: {},
  probe: { equals: optional(shape({ value })) },
});

/** A fetched value stays with whoever fetched it, or rides along where it is small. */
export type SentAnswer = { readonly id: AskId } & (
  | { readonly kind: "fetched"; readonly value: unknown }
  | {
      readonly kind: "probed";
      readonly meta: { readonly length: number; readonly truthy: boolean };
      readonly equal: boolean;
    }
  | { readonly kind: "failed"; readonly failure: FailureData }
  | { readonly kind: "missing"; readonly missing: readonly ValueRange[] }
);
export const answer: Field<SentAnswer> = choice("kind", {
  fetched: { id: ask, value: optional(value) },
  probed: { id: ask, meta, equal: bool },
  failed: { id: ask, failure },
  missing: { id: ask, missing: valueRanges },
});

export const refusal: Field<FetchRefusal> = choice("why", {
  noValue: { slug: text, state: text, failure: optional(failure) },
  released: { slug: text },
  failed: { failure },
  lost: { failure },
});

/** One line of a task run's story; a state by its name. */
const storyLine: Field<StoryLine> = shape({
  atMs: f64,
  from: word(STATE_NAMES),
  to: word(STATE_NAMES),
  cause: word(STORY_CAUSES),
  attempt: uint,
});

export const explanation: Field<Explanation> = shape({
  code: word(REASON_CODES),
  sentence: words,
  waitsFor: list(words),
  story: list(storyLine),
});

/** Why a task run has no value: of what did not fail and was not skipped nothing is told. */
export const ending = shape({ node, index: optional(uint), state: stateData });

/** A value's bytes as they were encoded: the first part is read, the others are its large buffers. */
export const parts: Field<readonly number[]> = { ...list(uint), says: "lengths of the value's parts" };

export const elements = shape({ first: uint, count: uint });

/** Its number of pieces comes first. */
export const pieces: Field<Slab> = {
  says: "slab",
  write: (out, given) => {
    out.varint(given.length);
    given.write(out);
  },
  read: (from) => Slab.read(from, from.upTo(ROWS_MAX)),
};
