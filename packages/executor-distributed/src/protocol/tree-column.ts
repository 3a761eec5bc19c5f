// Owns: one tree a row. Nearly always they are all inline values, or all names: then they are numbers and one slab, and a tree
//       is made when somebody asks for it.
// C1. Other trees are read with their frame: what a row says later cannot be wrong.

import { type GraphTree, nodeId, type SentTree, taskRunId, type ValueTree } from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import type { Field } from "./fields.js";
import { ID_END } from "./limits.js";
import { inlineOf } from "./opaque.js";
import { Slab, SlabBuilder } from "./slab.js";
import { graphTree, sentTree } from "./tree-codec.js";

const FORM = { inline: 0, refs: 1, trees: 2 } as const;

/** How a name stands in two columns. */
export type Names<Name> = {
  readonly tree: Field<ValueTree<Name>>;
  readonly idOf: (name: Name) => number;
  readonly attemptOf: (name: Name) => number;
  readonly make: (id: number, attempt: number) => Name;
};

export const sentNames: Names<Extract<SentTree, { kind: "ref" }>["ref"]> = {
  tree: sentTree,
  idOf: (ref) => ref.taskRun,
  attemptOf: (ref) => ref.attempt,
  make: (id, attempt) => ({ taskRun: taskRunId(id), attempt }),
};
export const graphNames: Names<Extract<GraphTree, { kind: "ref" }>["ref"]> = {
  tree: graphTree,
  idOf: (node) => node,
  attemptOf: () => 0,
  make: (id) => nodeId(id),
};

type Rows<Name> =
  | { readonly form: "inline"; readonly slab: Slab }
  | { readonly form: "refs"; readonly ids: Column; readonly attempts: Column }
  | { readonly form: "trees"; readonly trees: readonly ValueTree<Name>[] };

export class TreeColumn<Name> {
  readonly length: number;
  private readonly rows: Rows<Name>;
  private readonly names: Names<Name>;

  constructor(length: number, rows: Rows<Name>, names: Names<Name>) {
    this.length = length;
    this.rows = rows;
    this.names = names;
  }

  /** The values, where every tree is one. */
  get values(): Slab | undefined {
    return this.rows.form === "inline" ? this.rows.slab : undefined;
  }

  at(i: number): ValueTree<Name> {
    const { rows, names } = this;
    switch (rows.form) {
      case "inline":
        return { kind: "inline", value: rows.slab.at(i) };
      case "refs":
        return { kind: "ref", ref: names.make(rows.ids.at(i), rows.attempts.at(i)) };
      case "trees":
        return rows.trees[i] ?? { kind: "inline", value: undefined };
      default:
        return rows satisfies never;
    }
  }

  write(out: ByteWriter): void {
    const { rows, names } = this;
    out.u8(FORM[rows.form]);
    switch (rows.form) {
      case "inline":
        return rows.slab.write(out);
      case "refs":
        rows.ids.write(out);
        return rows.attempts.write(out);
      case "trees":
        for (const tree of rows.trees) names.tree.write(out, tree);
        return;
      default:
        return rows satisfies never;
    }
  }

  static read<N>(from: ByteReader, length: number, names: Names<N>): TreeColumn<N> {
    const form = from.u8();
    switch (form) {
      case FORM.inline:
        return new TreeColumn(length, { form: "inline", slab: Slab.read(from, length) }, names);
      case FORM.refs: {
        const ids = Column.read(from, length, ID_END - 1);
        return new TreeColumn(length, { form: "refs", ids, attempts: Column.read(from, length, ID_END) }, names);
      }
      case FORM.trees: {
        if (length * 2 > from.end - from.at) throw from.fail("it has fewer trees than rows");
        const trees: ValueTree<N>[] = [];
        for (let i = 0; i < length; i++) trees.push(names.tree.read(from));
        return new TreeColumn(length, { form: "trees", trees }, names);
      }
      default:
        throw from.fail("trees are of no known form");
    }
  }
}

export class TreeColumnBuilder<Name> {
  length = 0;
  private slab: SlabBuilder | undefined;
  private ids: ColumnBuilder | undefined;
  private attempts = new ColumnBuilder();
  /** From the first tree on that is of another kind than those before. */
  private trees: ValueTree<Name>[] | undefined;
  private readonly names: Names<Name>;

  constructor(names: Names<Name>) {
    this.names = names;
  }

  push(tree: ValueTree<Name>): void {
    if (this.trees !== undefined) this.trees.push(tree);
    else if (tree.kind === "inline" && this.ids === undefined) {
      this.slab ??= new SlabBuilder();
      this.slab.push(inlineOf(tree.value));
    } else if (tree.kind === "ref" && this.slab === undefined) {
      this.ids ??= new ColumnBuilder();
      this.ids.push(this.names.idOf(tree.ref));
      this.attempts.push(this.names.attemptOf(tree.ref));
    } else {
      const before = this.column();
      this.trees = Array.from({ length: this.length }, (_, i) => before.at(i));
      this.trees.push(tree);
    }
    this.length++;
  }

  column(): TreeColumn<Name> {
    const { length, names, trees, slab, ids, attempts } = this;
    if (trees !== undefined) return new TreeColumn(length, { form: "trees", trees }, names);
    if (ids !== undefined)
      return new TreeColumn(length, { form: "refs", ids: ids.column(), attempts: attempts.column() }, names);
    return new TreeColumn(length, { form: "inline", slab: slab?.slab() ?? Slab.empty(length) }, names);
  }
}
