// Owns: the arguments of each work of a batch, read from its columns. Each work gets values of its own (U9).

import {
  elementOf,
  InternalError,
  isPackedList,
  readArgument,
  type RunValues,
  type TreeArgument,
  ValueLost,
} from "@millrace/core/seam";
import { valueOf } from "../held.js";
import type { BatchMessage, Column, NamedRange } from "../wire.js";

/** Throws what reading a value throws. */
export function argumentsAt({ columns, named }: BatchMessage, position: number, index: number): readonly unknown[] {
  const [first] = columns;
  // Mostly there is one, of primitives.
  if (columns.length === 1 && first?.kind === "plain") return [first.values[position]];
  return columns.map((column) => read(column, position, index, named));
}

/** Numbers are read once for all works. */
export function readNumbers(message: BatchMessage): BatchMessage {
  if (!message.columns.some(isNumbers)) return message;
  return { ...message, columns: message.columns.map((column) => (isNumbers(column) ? plainOf(column) : column)) };
}

type Parts = Extract<Column, { readonly kind: "parts" }>;
const isNumbers = (column: Column): column is Parts => column.kind === "parts" && isPackedList(column.list);

function plainOf({ list }: Parts): Column {
  const values = valueOf(list, true);
  if (!Array.isArray(values)) throw new InternalError("a list of numbers is none");
  return { kind: "plain", values: values.map(Number) };
}

function read(column: Column, position: number, index: number, named: readonly NamedRange[]): unknown {
  switch (column.kind) {
    case "plain":
      return column.values[position];
    case "packed":
      return valueOf(column.values[position], true);
    case "parts":
      return valueOf({ ...elementOf(column.list, position), length: -1 }, false);
    case "same":
      return valueOf(column.value, false);
    case "elementOf":
      return elementIn(valueOf(column.value, false), index);
    case "trees": {
      const tree = column.trees[column.trees.length === 1 ? 0 : position];
      const argument = tree === undefined ? undefined : valueOf(tree, false);
      if (!isTreeArgument(argument)) throw new InternalError("an argument is no tree");
      return readArgument({ ...argument, index }, new NamedInThread(named));
    }
    default:
      return column satisfies never;
  }
}

function elementIn(list: unknown, index: number): unknown {
  if (!Array.isArray(list)) throw new TypeError("what the task is mapped over is no array any more");
  return list[index];
}

/** What this package has written itself. */
const isTreeArgument = (value: unknown): value is TreeArgument =>
  typeof value === "object" && value !== null && "tree" in value;

class NamedInThread implements RunValues {
  private readonly named: readonly NamedRange[];
  private last: NamedRange | undefined;

  constructor(named: readonly NamedRange[]) {
    this.named = named;
  }

  get(taskRun: number, attempt: number): unknown {
    const isIn = (range: NamedRange | undefined): range is NamedRange => {
      if (range === undefined || taskRun < range.first || taskRun >= range.first + range.values.length) return false;
      const made = typeof range.attempts === "number" ? range.attempts : range.attempts[taskRun - range.first];
      return made === attempt;
    };
    const range = isIn(this.last) ? this.last : this.named.find(isIn);
    if (range === undefined) throw new ValueLost(taskRun, attempt);
    this.last = range;
    return valueOf(range.values[taskRun - range.first], false);
  }

  set(): void {
    throw new InternalError("arguments are not written");
  }

  delete(): void {
    throw new InternalError("arguments are not deleted");
  }
}
