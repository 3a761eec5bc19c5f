// Owns: the values that the trees of a batch name, gathered so that each goes to the thread once.

import {
  inputAttempt,
  InternalError,
  type RunValues,
  type ValuesToRead,
  type SentTree,
  type TreeArgument,
} from "@millrace/core/seam";
import { type Held, isHeld } from "./held.js";
import type { NamedRange } from "./wire.js";

/** Throws `VALUE_LOST`. */
export function storedAt(values: ValuesToRead, taskRun: number, attempt: number): Held {
  return asHeld(values.get(taskRun, attempt));
}

/** What a store of held values holds. */
export function asHeld(value: unknown): Held {
  if (isHeld(value)) return value;
  throw new InternalError("a store of held values holds something else");
}

/** Where a tree stands. */
type Place = Omit<TreeArgument, "tree">;

export class NamedValues {
  private readonly found = new Map<string, NamedRange>();
  private readonly values: RunValues;

  constructor(values: RunValues) {
    this.values = values;
  }

  ranges(): readonly NamedRange[] {
    return [...this.found.values()];
  }

  /** Throws `VALUE_LOST`. */
  addTree(tree: SentTree, place: Place): void {
    switch (tree.kind) {
      case "inline":
        return;
      case "ref":
        return this.addOne(tree.ref.taskRun, tree.ref.attempt);
      case "slot": {
        const slot = place.slots?.[tree.slot];
        return slot === undefined ? undefined : this.addTree(slot, place);
      }
      case "element":
        return this.addElement(tree.of, place);
      case "children":
        return this.addChildren(tree, place);
      case "pick":
        this.addTree(tree.of, place);
        return this.addTree(tree.key, place);
      case "settled":
      case "settledEach":
      case "succeeded":
        return this.addTree(tree.of, place);
      case "list":
      case "record":
        for (const item of tree.items) this.addTree(item, place);
        return;
      default:
        return tree satisfies never;
    }
  }

  /** The one that is read, not the list around it. */
  private addElement(list: SentTree, place: Place): void {
    const { index } = place;
    if (list.kind === "settledEach") return this.addElement(list.of, place);
    if (list.kind === "list") {
      const item = list.items[index];
      return item === undefined ? undefined : this.addTree(item, place);
    }
    if (list.kind !== "children") return this.addTree(list, place);
    const row = list.first + index;
    this.addOne(row, inputAttempt(place.inputAttempts, row) ?? list.attempts?.get(index) ?? 1);
  }

  private addChildren(list: SentTree & { readonly kind: "children" }, place: Place): void {
    const key = `${list.first}+${list.count}`;
    for (const except of list.except.values()) this.addTree(except, place);
    if (this.found.has(key)) return;
    if (list.attempts === undefined && list.except.size === 0) {
      const values = heldList(this.values.getAll(list.first, list.count, 1));
      this.found.set(key, { first: list.first, attempts: 1, values });
      return;
    }
    const values: Held[] = [];
    const attempts: number[] = [];
    const isFirst = list.attempts === undefined;
    for (let index = 0; index < list.count; index++) {
      const attempt = isFirst ? 1 : (list.attempts.get(index) ?? 1);
      if (!isFirst) attempts.push(attempt);
      const isThere = !list.except.has(index);
      values.push(isThere ? storedAt(this.values, list.first + index, attempt) : undefined);
    }
    this.found.set(key, { first: list.first, attempts: isFirst ? 1 : attempts, values });
  }

  private addOne(taskRun: number, attempt: number): void {
    const key = `${taskRun}/${attempt}`;
    if (this.found.has(key)) return;
    this.found.set(key, { first: taskRun, attempts: attempt, values: [storedAt(this.values, taskRun, attempt)] });
  }
}

/** Numbers alone as one piece of memory. */
function heldList(values: readonly unknown[]): readonly Held[] | Float64Array {
  const numbers = new Float64Array(values.length);
  for (const [i, value] of values.entries()) {
    if (typeof value !== "number") return values.map(asHeld);
    numbers[i] = value;
  }
  return numbers;
}
