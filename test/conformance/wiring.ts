// Owns: what a recorded task's inputs become in a call: arguments, how each arrives, and edges that only order.
// Does not own: the call itself (`build`).
// W1. A task under the default rules takes plain edges. Any other task may run where an upstream task has no value, and so
//     takes `settled` ones, with its trigger and skip rule always written out: then they see the states behind.
// W2. The whole of a map has no value, not even a settled one for each child, where the map itself failed or was skipped.
//     Such an input comes through `gather`, and a `guard` with the task's rules stands before the task.
import { mapped, type Mapped, type PairedUpstream, type Ref, settled, settledEach, type Trigger } from "@millrace/core";
import type { Arrival } from "./arrivals.js";
import { type Input, isMapped, type Json, type TaskStep, type TriggerField } from "./format.js";
import { collect } from "./kinds.js";
import type { Plan } from "./plan.js";

/** The format says nothing of types: what a ref holds shows when the flow runs. */
export function refOf<T>(ref: Ref<unknown>): Ref<T>;
export function refOf(ref: Ref<unknown>): Ref<unknown> {
  return ref;
}
export function mapOf(ref: Ref<unknown>): Mapped<unknown>;
export function mapOf(ref: Ref<unknown>): Ref<unknown> {
  return ref;
}

export type Names = {
  ref(name: string): Ref<unknown>;
  /** What `gather` made of the map of this name. */
  gathered(name: string): Ref<unknown>;
};

export type Upstream = Ref<unknown> | PairedUpstream;
export type Wire = {
  readonly arrival: Arrival;
  /** For an input that is mapped over: its list. */
  readonly list: Ref<readonly unknown[]> | readonly Json[] | undefined;
  /** For any other. */
  readonly whole: unknown;
  /** The same upstream as an edge that only orders; undefined for a constant. */
  readonly order: Upstream | undefined;
};

const KEYS = ["a", "b", "c"] as const;
const NOTHING: Wire = { arrival: "value", list: undefined, whole: null, order: undefined };

/** One for each of a, b and c. */
export function wiresOf(step: TaskStep, plan: Plan, names: Names, allSettled: boolean): readonly Wire[] {
  const plain = isPlain(step, allSettled);
  return KEYS.map((key) => {
    const input = step.inputs?.[key];
    if (input === undefined) return NOTHING;
    const over = step.mapped?.includes(key) === true;
    if (!holdsRef(input)) return constantWire(literal(input, names), over);
    return plain ? plainWire(input, over, names) : settledWire(input, over, plan, names);
  });
}

/** W1. `allSettled`: settled edges everywhere. */
export function isPlain(step: TaskStep, allSettled: boolean): boolean {
  const { trigger = "all_successful", skip_on_upstream_skip: skips = true } = step;
  return !allSettled && trigger === "all_successful" && skips;
}

export function triggerOf(trigger: TriggerField = "all_successful"): Trigger {
  if (typeof trigger === "object") {
    const bounds = "some_failed" in trigger ? trigger.some_failed : trigger.some_successful;
    const given = { atLeast: bounds.at_least, atMost: bounds.at_most };
    return "some_failed" in trigger ? { someFailed: given } : { someSuccessful: given };
  }
  const found = TRIGGERS.get(trigger);
  if (found === undefined) throw new RangeError(`there is no trigger ${trigger}`);
  return found;
}

const TRIGGERS = new Map<string, Trigger>([
  ["all_successful", "allSuccessful"],
  ["all_failed", "allFailed"],
  ["any_successful", "anySuccessful"],
  ["any_failed", "anyFailed"],
  ["all_finished", "allFinished"],
  ["not_all_skipped", "notAllSkipped"],
]);

function plainWire(input: Input, over: boolean, names: Names): Wire {
  const value = literal(input, names);
  if (!over) return { arrival: "value", list: undefined, whole: value, order: undefined };
  const list = typeof input === "string" ? refOf<readonly unknown[]>(names.ref(input)) : itemsOf(value);
  return { arrival: "value", list, whole: undefined, order: undefined };
}

function settledWire(input: Input, over: boolean, plan: Plan, names: Names): Wire {
  const name = typeof input === "string" ? input : undefined;
  const ref = name === undefined ? collect(literal(input, names)) : names.ref(name);
  const step = name === undefined ? undefined : plan.tasks.get(name);
  const isMap = step !== undefined && isMapped(step);
  if (over) {
    const list = settledEach(refOf<readonly unknown[]>(ref));
    return { arrival: isMap ? "settled" : "item", list, whole: undefined, order: mapped(mapOf(ref)) };
  }
  if (!isMap || name === undefined) return { arrival: "settled", list: undefined, whole: settled(ref), order: ref };
  if (!plan.surelyMapped.has(name)) {
    return { arrival: "gathered", list: undefined, whole: settled(names.gathered(name)), order: ref };
  }
  return { arrival: "children", list: undefined, whole: settledEach(refOf<readonly unknown[]>(ref)), order: ref };
}

function constantWire(value: unknown, over: boolean): Wire {
  return { arrival: "value", list: over ? itemsOf(value) : undefined, whole: value, order: undefined };
}

function itemsOf(value: unknown): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new TypeError("the format maps over lists only");
}

function holdsRef(input: Input): boolean {
  if (typeof input === "string") return true;
  if ("const" in input) return false;
  return ("list" in input ? input.list : Object.values(input.dict)).some(holdsRef);
}

function literal(input: Input, names: Names): unknown {
  if (typeof input === "string") return names.ref(input);
  if ("const" in input) return input.const;
  if ("list" in input) return input.list.map((item) => literal(item, names));
  return Object.fromEntries(Object.entries(input.dict).map(([key, item]) => [key, literal(item, names)]));
}
