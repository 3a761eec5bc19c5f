// Owns: from trees to values, where user code runs or a value is fetched.
// A1. In the user's process references are passed: what two tasks receive may be one object.
// A2. What all children of a map share is gathered once: a tree of their template is remembered by its identity.

import { errorOfFailure, travelling } from "../values/failure-travel.js";
import type { ValuesToRead } from "../values/value-store.js";
import type { TaskRunId } from "../work/ids.js";
import { InternalError } from "../work/millrace-error.js";
import type { StateData } from "../work/kinds.js";
import type { Children, SentTree, ValueRef } from "../work/value-tree.js";
import type { Work, WorkTemplate } from "../work/work.js";

/** Where the names in a tree are looked up. */
type Scope = {
  readonly values: ValuesToRead;
  /** -1: no child of a map. */
  readonly index: number;
  readonly slots: readonly SentTree[];
  readonly inputAttempts: ReadonlyMap<TaskRunId, number> | undefined;
  /** A2; of what is no child of a map, parts that one tree holds twice. */
  readonly gathered: Gathered;
  /** Whether the errors of failures are those that another process would get. */
  readonly isRemote: boolean;
};

interface Gathered {
  get(tree: SentTree): unknown;
  set(tree: SentTree, value: unknown): unknown;
}

const NO_ARGUMENTS: readonly unknown[] = Object.freeze([]);
const NO_SLOTS: readonly SentTree[] = Object.freeze([]);
const gathered = new WeakMap<SentTree, unknown>();

/** The arguments of one attempt. Throws where a part cannot be read: picked from null, say. */
export function bindArguments(
  template: WorkTemplate,
  work: Work,
  values: ValuesToRead,
  isRemote = false,
): readonly unknown[] {
  if (template.args.length === 0) return NO_ARGUMENTS;
  const scope: Scope = {
    values,
    index: work.index,
    slots: work.slots ?? NO_SLOTS,
    inputAttempts: work.inputAttempts,
    gathered: work.index < 0 ? new Map() : gathered,
    isRemote,
  };
  return template.args.map((arg) => evaluate(arg, scope));
}

/** One argument's tree, and what of its work it is read with. */
export type TreeArgument = Pick<Work, "index" | "slots" | "inputAttempts"> & { readonly tree: SentTree };

/** One argument of one attempt, where failures are those of another thread. Throws where a part cannot be read. */
export const readArgument = (
  { tree, index, slots = NO_SLOTS, inputAttempts }: TreeArgument,
  values: ValuesToRead,
): unknown => evaluate(tree, { values, index, slots, inputAttempts, gathered: new Map(), isRemote: true });

/** A value that somebody asked for. */
export function readTree(tree: SentTree, values: ValuesToRead): unknown {
  return evaluate(tree, {
    values,
    index: -1,
    slots: NO_SLOTS,
    inputAttempts: undefined,
    gathered: new Map(),
    isRemote: false,
  });
}

function evaluate(tree: SentTree, scope: Scope): unknown {
  switch (tree.kind) {
    case "inline":
      return tree.value;
    case "ref":
      return scope.values.get(tree.ref.taskRun, tree.ref.attempt);
    case "slot":
      return evaluate(slotAt(scope, tree.slot), scope.index < 0 ? scope : { ...scope, gathered: new Map() });
    case "element":
      return elementOf(tree.of, scope);
    case "pick":
      return partOf(evaluate(tree.of, scope), evaluate(tree.key, scope));
    case "settled":
      return settledValue(scope, tree.state ?? { state: "Success" }, () => evaluate(tree.of, scope));
    case "children":
    case "settledEach":
    case "succeeded":
    case "list":
    case "record":
      return gather(tree, scope);
    default:
      return tree satisfies never;
  }
}

function gather(tree: SentTree, scope: Scope): unknown {
  const known = scope.gathered.get(tree);
  if (known !== undefined) return known;
  const made = gatherNow(tree, scope);
  scope.gathered.set(tree, made);
  return made;
}

function gatherNow(tree: SentTree, scope: Scope): unknown {
  switch (tree.kind) {
    case "children":
      return childrenValues(tree, scope);
    case "settledEach":
      return settledList(tree.of, scope);
    case "succeeded":
      return succeededOf(evaluate(tree.of, scope));
    case "list":
      return tree.items.map((item) => evaluate(item, scope));
    case "record":
      return Object.fromEntries(tree.keys.map((key, i) => [key, evaluate(tree.items[i] ?? tree, scope)]));
    default:
      throw new InternalError(`a tree of kind ${tree.kind} is not gathered`);
  }
}

/** A loop: for a million children `Array.from` costs as much as all else together. */
function childrenValues(tree: Children<ValueRef>, scope: Scope): unknown[] {
  if (tree.except.size === 0 && tree.attempts === undefined) return scope.values.getAll(tree.first, tree.count, 1);
  const values: unknown[] = [];
  for (let index = 0; index < tree.count; index++) values.push(childAt(tree, index, scope));
  return values;
}

function slotAt(scope: Scope, slot: number): SentTree {
  const tree = scope.slots[slot];
  if (tree === undefined) throw new InternalError(`the work has no slot ${slot}`);
  return tree;
}

function childAt(tree: Children<ValueRef>, index: number, scope: Scope): unknown {
  const except = tree.except.size > 0 ? tree.except.get(index) : undefined;
  if (except !== undefined) return evaluate(except, scope);
  const row = tree.first + index;
  return scope.values.get(row, tree.attempts?.get(index) ?? 1);
}

/** The element at the work's index, without the list around it where that can be helped. */
function elementOf(list: SentTree, scope: Scope): unknown {
  const { index } = scope;
  if (list.kind === "children") {
    const row = list.first + index;
    return scope.values.get(row, inputAttempt(scope.inputAttempts, row) ?? list.attempts?.get(index) ?? 1);
  }
  if (list.kind === "list") {
    const item = list.items[index];
    return item === undefined ? undefined : evaluate(item, scope);
  }
  if (list.kind === "settledEach") return settledValue(scope, { state: "Success" }, () => elementOf(list.of, scope));
  const value = evaluate(list, scope);
  if (!Array.isArray(value)) throw new TypeError("what the task is mapped over is no array any more");
  return value[index];
}

/** The attempt that made an input, where it is not 1. */
export function inputAttempt(attempts: Work["inputAttempts"], row: number): number | undefined {
  if (attempts === undefined) return undefined;
  for (const [taskRun, attempt] of attempts) if (taskRun === row) return attempt;
  return undefined;
}

/** As `value[key]` reads it; of null and undefined it throws. */
function partOf(value: unknown, key: unknown): unknown {
  if (value === null || value === undefined)
    throw new TypeError(`cannot pick ${JSON.stringify(key)} of ${String(value)}`);
  if (typeof key !== "string" && typeof key !== "number" && typeof key !== "symbol")
    throw new TypeError("what is picked must be named by a string, a number or a symbol");
  const part: unknown = Reflect.get(Object(value), key, value);
  return part;
}

/** A `Settled<T>`: what became of an upstream, as a value. */
function settledValue({ isRemote }: Scope, state: StateData, value: () => unknown): unknown {
  switch (state.state) {
    case "Success":
    case "Mapped":
      return { status: "success", state: state.state, value: value() };
    case "Skipped":
      return { status: "skipped", state: "Skipped", raised: state.raised, reason: state.reason };
    case "Failed":
    case "TimedOut":
    case "TriggerFailed":
    case "Cancelled":
      return {
        status: "failed",
        state: state.state,
        error: errorOfFailure(isRemote ? travelling(state.failure) : state.failure),
      };
    default:
      return state satisfies never;
  }
}

/** Children that are exceptions are settled trees already; all else succeeded. */
function settledList(of: SentTree, scope: Scope): unknown {
  if (of.kind === "children") {
    return Array.from({ length: of.count }, (_, index) => {
      const except = of.except.get(index);
      if (except !== undefined) return evaluate(except, scope);
      return settledValue(scope, { state: "Success" }, () => childAt(of, index, scope));
    });
  }
  const list = evaluate(of, scope);
  if (!Array.isArray(list)) throw new TypeError("settledEach() takes a list, and this is none");
  return list.map((value: unknown) => settledValue(scope, { state: "Success" }, () => value));
}

function succeededOf(list: unknown): unknown {
  if (!Array.isArray(list)) throw new TypeError("succeeded() takes a list, and this is none");
  const values: unknown[] = [];
  for (const settled of list) {
    if (Reflect.get(Object(settled), "status") === "success") values.push(Reflect.get(Object(settled), "value"));
  }
  return values;
}
