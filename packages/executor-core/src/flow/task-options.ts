// Owns: reading the options of a definition and of a node: what is wrong in them, and what they come to.
// Does not own: their types (`task-types`), what a node makes of them (`task-definition`).

import {
  DEFAULT_RERUN,
  NO_RETRY,
  type Needs,
  type Rerun,
  type RetryPolicy,
  TRIGGER_NAMES,
  type Trigger,
  type TriggerBounds,
} from "../work/policies.js";
import { type Duration, durationMs } from "./duration.js";
import { FlowError } from "./flow-error.js";
import { readPriority, readResources } from "./needs.js";
import { kindOf } from "./node-ref.js";
import type { CallOptions, CommonOptions, TaskOptions } from "./task-types.js";

/** What a task's nodes have in common. */
export type TaskFacts = {
  readonly name: string;
  readonly tags: readonly string[];
  readonly args: readonly string[];
  readonly nout: number | undefined;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number | undefined;
  readonly rerun: Rerun;
  readonly trigger: Trigger | undefined;
  readonly skipOnUpstreamSkip: boolean | undefined;
  readonly maxConcurrency: number | undefined;
  readonly maxOpenPipelines: number | undefined;
  readonly resources: Needs["resources"];
  /** Sorted, each once. */
  readonly labels: readonly string[];
  readonly priority: number | undefined;
};

const COMMON = [
  "tags",
  "retries",
  "retryDelay",
  "timeout",
  "rerun",
  "deaths",
  "trigger",
  "skipOnUpstreamSkip",
  "maxConcurrency",
  "maxOpenPipelines",
  "resources",
  "labels",
  "priority",
] as const satisfies readonly (keyof CommonOptions)[];
const OF_TASK: ReadonlySet<string> = new Set<keyof TaskOptions>([...COMMON, "args", "nout"]);
const OF_NODE: ReadonlySet<string> = new Set<keyof CallOptions>([...COMMON, "name", "slug", "upstream"]);
const TRIGGERS: ReadonlySet<unknown> = new Set<Trigger>(TRIGGER_NAMES);

export function readTaskOptions(name: string, options: TaskOptions<number>): TaskFacts {
  const of = `of the task ${JSON.stringify(name)}`;
  refuseUnknown(options, OF_TASK, of);
  const base: TaskFacts = {
    name,
    tags: [],
    args: options.args === undefined ? [] : textList(options.args, `args ${of}`),
    nout: count(options.nout, `nout ${of}`),
    retry: NO_RETRY,
    timeoutMs: undefined,
    rerun: DEFAULT_RERUN,
    trigger: undefined,
    skipOnUpstreamSkip: undefined,
    maxConcurrency: undefined,
    maxOpenPipelines: undefined,
    resources: {},
    labels: [],
    priority: undefined,
  };
  return readCommon(base, options, of);
}

/** The facts with one node's options over them; tags are added. */
export function readCallOptions(base: TaskFacts, options: CallOptions): TaskFacts {
  const of = `of a node of ${JSON.stringify(base.name)}`;
  refuseUnknown(options, OF_NODE, of);
  const name = options.name === undefined ? base.name : text(options.name, `name ${of}`);
  if (options.slug !== undefined) text(options.slug, `slug ${of}`);
  return readCommon({ ...base, name }, options, of);
}

/** Text that is not empty. `what` names it in the error. */
export function text(value: unknown, what: string): string {
  if (typeof value === "string" && value.trim() !== "") return value;
  throw new FlowError("INVALID_OPTION", `${what} is ${kindOf(value)}: write a text that is not empty`);
}

/** A list of texts, sorted, each once. */
export function tagList(value: unknown, what: string): readonly string[] {
  return [...new Set(textList(value, what))].sort();
}

function textList(value: unknown, what: string): readonly string[] {
  if (Array.isArray(value)) return value.map((item, i) => text(item, `${what}, at [${i}],`));
  throw new FlowError("INVALID_OPTION", `${what} is ${kindOf(value)}: write a list of texts, as in ["a"]`);
}

function readCommon(base: TaskFacts, options: CommonOptions, of: string): TaskFacts {
  const tags = options.tags === undefined ? [] : tagList(options.tags, `the option tags ${of}`);
  const skip = options.skipOnUpstreamSkip;
  if (skip !== undefined && typeof skip !== "boolean") {
    throw new FlowError("INVALID_OPTION", `skipOnUpstreamSkip ${of} is ${kindOf(skip)}: write true or false`);
  }
  return {
    ...base,
    tags: [...new Set([...base.tags, ...tags])].sort(),
    retry: readRetry(base.retry, options, of),
    timeoutMs: options.timeout === undefined ? base.timeoutMs : readTimeout(options.timeout, `timeout ${of}`),
    rerun: readRerun(base.rerun, options, of),
    trigger: options.trigger === undefined ? base.trigger : readTrigger(options.trigger, of),
    skipOnUpstreamSkip: skip ?? base.skipOnUpstreamSkip,
    maxConcurrency: count(options.maxConcurrency, `maxConcurrency ${of}`) ?? base.maxConcurrency,
    maxOpenPipelines: count(options.maxOpenPipelines, `maxOpenPipelines ${of}`) ?? base.maxOpenPipelines,
    resources: options.resources === undefined ? base.resources : readResources(options.resources, of),
    labels: options.labels === undefined ? base.labels : tagList(options.labels, `labels ${of}`),
    priority: options.priority === undefined ? base.priority : readPriority(options.priority, of),
  };
}

/** RETRY-2: a delay without retries is refused, since it would never be waited for. */
function readRetry(base: RetryPolicy, options: CommonOptions, of: string): RetryPolicy {
  const { retries = base.retries, retryDelay } = options;
  if (!Number.isSafeInteger(retries) || retries < 0) {
    throw new FlowError("INVALID_OPTION", `retries ${of} is ${kindOf(retries)}: write a whole number from 0 on`);
  }
  if (retryDelay === undefined) return { retries, delayMs: base.delayMs };
  const delayMs = durationMs(retryDelay, `retryDelay ${of}`);
  if (retries > 0) return { retries, delayMs };
  throw new FlowError("DELAY_WITHOUT_RETRIES", `retryDelay ${of} has no retries to wait for: give retries too`);
}

/** TIMEOUT-1, in milliseconds. */
function readTimeout(timeout: Duration, what: string): number {
  const ms = durationMs(timeout, what);
  if (ms > 0) return ms;
  throw new FlowError(
    "INVALID_OPTION",
    `${what} is 0, in which nothing can be done: write a longer one, or leave it out`,
  );
}

/** RETRY-8. */
function readRerun(base: Rerun, { rerun, deaths }: CommonOptions, of: string): Rerun {
  if (rerun !== undefined && rerun !== "onDeath" && rerun !== "never") {
    throw new FlowError("INVALID_OPTION", `rerun ${of} is ${kindOf(rerun)}: write "onDeath" or "never"`);
  }
  const limit = count(deaths, `deaths ${of}`);
  if (rerun === "never" && limit !== undefined) {
    throw new FlowError(
      "INVALID_OPTION",
      `deaths ${of} has no meaning with rerun: "never", which ends at the first one`,
    );
  }
  if (rerun === "never") return "never";
  if (limit !== undefined) return { deaths: limit };
  return rerun === "onDeath" && base === "never" ? DEFAULT_RERUN : base;
}

function readTrigger(trigger: Trigger, of: string): Trigger {
  if (TRIGGERS.has(trigger)) return trigger;
  const [bounds, ...more] = typeof trigger === "object" && trigger !== null ? Object.entries(trigger) : [];
  if (bounds !== undefined && more.length === 0 && (bounds[0] === "someFailed" || bounds[0] === "someSuccessful")) {
    checkBounds(bounds[1], `${bounds[0]} ${of}`);
    return trigger;
  }
  const names = [...TRIGGERS].join(", ");
  throw new FlowError(
    "INVALID_OPTION",
    `trigger ${of} is ${kindOf(trigger)}: write one of ${names}, or { someFailed: { atLeast, atMost } }, or the same with someSuccessful`,
  );
}

function checkBounds(bounds: TriggerBounds, what: string): void {
  for (const [key, bound] of Object.entries(bounds)) {
    const isNumber = bound === undefined || (typeof bound === "number" && bound >= 0);
    if ((key === "atLeast" || key === "atMost") && isNumber) continue;
    throw new FlowError("INVALID_OPTION", `${what} has ${key}: ${kindOf(bound)}. Write atLeast and atMost as numbers`);
  }
}

function count(value: number | undefined, what: string): number | undefined {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return value;
  throw new FlowError("INVALID_OPTION", `${what} is ${kindOf(value)}: write a whole number from 1 on`);
}

function refuseUnknown(options: object, known: ReadonlySet<string>, of: string): void {
  if (typeof options !== "object" || options === null) {
    throw new FlowError("INVALID_OPTION", `the options ${of} are ${kindOf(options)}: write an object`);
  }
  const unknown = Object.keys(options).find((key) => !known.has(key));
  if (unknown === undefined) return;
  const names = [...known].join(", ");
  throw new FlowError("UNKNOWN_OPTION", `"${unknown}" is no option ${of}: there are ${names}`);
}
