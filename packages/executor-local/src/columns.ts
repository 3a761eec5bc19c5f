// Owns: the arguments of a batch as columns: what each work receives, read from held values without decoding them.
// A1. A work whose arguments cannot be had is told with its error; the others go on without it.
// A2. What was given up (`transfer`) is encoded once: the tree remembers it, since the memory is gone.

import {
  elementOf,
  encodeValue,
  InternalError,
  inputAttempt,
  lengthOfParts,
  rangeOf,
  type SentTree,
  type TreeArgument,
  type RunValues,
  type Work,
  WorkRange,
  type WorkTemplate,
} from "@millrace/core/seam";
import { type Held, isPacked, type Packed, packedOf, type Primitive } from "./held.js";
import { inlineOf } from "./inline-values.js";
import { NamedValues, storedAt } from "./named-values.js";
import type { Column, NamedRange } from "./wire.js";
import { listOf, type Works } from "./works.js";

export type Arguments = {
  readonly columns: readonly Column[];
  readonly named: readonly NamedRange[];
  /** By position. Where there are any, the columns are of no use. */
  readonly bad: ReadonlyMap<number, unknown>;
  /** By position: values of its own that were given up. */
  readonly givenUp: ReadonlyMap<number, readonly SentTree[]>;
};

export function argumentsOf(template: WorkTemplate, works: Works, values: RunValues): Arguments {
  const builder = new ColumnBuilder(works, values);
  const columns = template.args.map((arg, i) => builder.column(arg, `args[${i}]`));
  return { columns, named: builder.named.ranges(), bad: builder.bad, givenUp: builder.givenUp };
}

const NOTHING: SentTree = { kind: "inline", value: undefined };
const EMPTY: Packed = packedOf(undefined);
const isPlain = ({ kind }: SentTree): boolean => kind === "inline" || kind === "ref";

class ColumnBuilder {
  readonly bad = new Map<number, unknown>();
  readonly givenUp = new Map<number, readonly SentTree[]>();
  readonly named: NamedValues;
  private readonly works: Works;
  private madeList: readonly Work[] | undefined;
  private readonly values: RunValues;

  constructor(works: Works, values: RunValues) {
    this.works = works;
    this.values = values;
    this.named = new NamedValues(values);
  }

  column(arg: SentTree, name: string): Column {
    switch (arg.kind) {
      case "slot":
        return this.slots(arg.slot, name);
      case "element":
        return this.elements(arg.of, name);
      case "inline":
      case "ref":
        return { kind: "same", value: this.forAll(() => this.held(arg, name)) };
      default:
        return { kind: "trees", trees: [this.forAll(() => this.encoded(arg, undefined, name)) ?? EMPTY] };
    }
  }

  private slots(slot: number, name: string): Column {
    const trees = this.list.map((work) => work.slots?.[slot] ?? NOTHING);
    if (trees.every(isPlain)) return this.cells((_work, at) => this.ownValue(trees[at] ?? NOTHING, at, name));
    return {
      kind: "trees",
      trees: this.list.map(
        (work, at) => this.forOne(at, () => this.encoded(trees[at] ?? NOTHING, work, name)) ?? EMPTY,
      ),
    };
  }

  private elements(list: SentTree, name: string): Column {
    if (list.kind === "children" && list.except.size === 0) {
      return this.cells((work) => {
        const row = list.first + work.index;
        const attempt = inputAttempt(work.inputAttempts, row) ?? list.attempts?.get(work.index) ?? 1;
        return storedAt(this.values, row, attempt);
      });
    }
    if (list.kind === "ref" || list.kind === "inline") return this.elementsOfValue(list, name);
    const tree: SentTree = { kind: "element", of: list };
    return {
      kind: "trees",
      trees: this.list.map((work, at) => this.forOne(at, () => this.encoded(tree, work, name)) ?? EMPTY),
    };
  }

  private elementsOfValue(list: SentTree, name: string): Column {
    const value = this.forAll(() => this.held(list, name));
    const length = isPacked(value) ? lengthOfParts(value) : undefined;
    if (!isPacked(value) || length === undefined) return { kind: "elementOf", value };
    const first = this.works.at(0)?.index ?? 0;
    if (this.areInOrder(first) && first + this.works.length <= length)
      return {
        kind: "parts",
        list: { ...rangeOf(value, first, first + this.works.length), length: this.works.length },
      };
    return this.cells(({ index }) => (index < length ? { ...elementOf(value, index), length: -1 } : undefined));
  }

  private areInOrder(first: number): boolean {
    return this.works instanceof WorkRange || this.works.every((work, at) => work.index === first + at);
  }

  /** Each work by itself: of a range they are made here. */
  private get list(): readonly Work[] {
    this.madeList ??= listOf(this.works);
    return this.madeList;
  }

  private cells(read: (work: Work, at: number) => Held): Column {
    const values: Held[] = [];
    const plain: Primitive[] = [];
    for (const [at, work] of this.list.entries()) {
      const value = this.forOne(at, () => read(work, at));
      values.push(value);
      if (!isPacked(value)) plain.push(value);
    }
    return plain.length === values.length
      ? { kind: "plain", values: plain }
      : { kind: "packed", values: values.map(packedOf) };
  }

  /** Of one work alone. */
  private ownValue(tree: SentTree, at: number, name: string): Held {
    const held = this.held(tree, name);
    if (tree.kind === "inline" && isPacked(held) && held.givenUp === true)
      this.givenUp.set(at, [...(this.givenUp.get(at) ?? []), tree]);
    return held;
  }

  private held(tree: SentTree, name: string): Held {
    if (tree.kind === "inline") return inlineOf(tree, name);
    if (tree.kind === "ref") return storedAt(this.values, tree.ref.taskRun, tree.ref.attempt);
    throw new InternalError(`a tree of kind ${tree.kind} is no single value`);
  }

  /** The tree as bytes, with what differs by work; the values that it names go along. */
  private encoded(tree: SentTree, work: Work | undefined, name: string): Packed {
    const { index = -1, slots, inputAttempts } = work ?? {};
    this.named.addTree(tree, { index, slots, inputAttempts });
    const argument: TreeArgument = { tree, index, slots, inputAttempts };
    const { bytes, beside } = encodeValue(argument, { name, shares: true });
    return { bytes, beside, length: -1 };
  }

  /** A1, for what all works need. */
  private forAll<T>(read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      for (let at = 0; at < this.works.length; at++) this.bad.set(at, error);
      return undefined;
    }
  }

  private forOne<T>(at: number, read: () => T): T | undefined {
    try {
      return read();
    } catch (error) {
      this.bad.set(at, error);
      return undefined;
    }
  }
}
