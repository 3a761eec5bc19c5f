// Owns: the arguments of each work of a batch, read from its columns. Each work gets values of its own (U9).

import {
  elementOf,
  InternalError,
  isPackedList,
  readArgument,
  type TreeArgument,
  ValueLost,
  type ValuesToRead,
} from "@millrace/core/seam";
import { valueOf } from "../held.js";
import type { BatchMessage, Column, NamedRange } from "../wire.js";

export class BatchArguments {
  private readonly columns: readonly Column[];
  private readonly named: NamedInThread;

  constructor({ columns, named }: BatchMessage) {
    // Numbers are read once for all works.
    this.columns = columns.map((column) => (isNumbers(column) ? plainOf(column) : column));
    this.named = new NamedInThread(named);
  }

  /** Of one work. Throws what reading a value throws. */
  at(position: number, index: number): readonly unknown[] {
    const [first] = this.columns;
    // Mostly there is one, of primitives.
    if (this.columns.length === 1 && first?.kind === "plain") return [first.values[position]];
    return this.columns.map((column) => read(column, position, index, this.named));
  }
}

type Parts = Extract<Column, { readonly kind: "parts" }>;
const isNumbers = (column: Column): column is Parts => column.kind === "parts" && isPackedList(column.list);

function plainOf({ list }: Parts): Column {
  const values = valueOf(list, true);
  if (!Array.isArray(values)) throw new InternalError("a list of numbers is none");
  return { kind: "plain", values: values.map(Number) };
}

function read(column: Column, position: number, index: number, named: ValuesToRead): unknown {
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
      return readArgument({ ...argument, index }, named);
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

class NamedInThread implements ValuesToRead {
  /** By task run: mostly one, a value of another attempt beside it. */
  private readonly singles = new Map<number, NamedRange[]>();
  private readonly lists: NamedRange[] = [];

  constructor(named: readonly NamedRange[]) {
    for (const range of named) {
      const same = this.singles.get(range.first);
      if (range.values.length !== 1) this.lists.push(range);
      else if (same === undefined) this.singles.set(range.first, [range]);
      else same.push(range);
    }
  }

  get(taskRun: number, attempt: number): unknown {
    for (const range of this.lists) if (isIn(range, taskRun, attempt)) return this.valueIn(range, taskRun);
    for (const range of this.singles.get(taskRun) ?? [])
      if (isIn(range, taskRun, attempt)) return this.valueIn(range, taskRun);
    throw new ValueLost(taskRun, attempt);
  }

  getAll(first: number, count: number, attempt: number): unknown[] {
    const values: unknown[] = [];
    const whole = this.lists.find((range) => range.first === first && range.values.length >= count);
    const numbers = whole?.attempts === attempt ? whole.values : undefined;
    if (numbers instanceof Float64Array) for (let i = 0; i < count; i++) values.push(numbers[i]);
    else for (let i = 0; i < count; i++) values.push(this.get(first + i, attempt));
    return values;
  }

  private valueIn({ first, values }: NamedRange, taskRun: number): unknown {
    return valueOf(values[taskRun - first], false);
  }
}

function isIn({ first, values, attempts }: NamedRange, taskRun: number, attempt: number): boolean {
  const at = taskRun - first;
  return at >= 0 && at < values.length && (typeof attempts === "number" ? attempts : attempts[at]) === attempt;
}
