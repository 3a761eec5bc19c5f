// Owns: state changes as columns: ranges of a node's children, or a node, and the state that they went to.

import { type Change, nodeId, stateCode } from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import type { Field } from "./fields.js";
import { ID_END, ROWS_MAX } from "./limits.js";

const STATE_MAX = 10;

export class ChangeColumns {
  private readonly nodes: Column;
  /** One more than the index of the first child; 0: the node itself. */
  private readonly indices: Column;
  private readonly counts: Column;
  private readonly states: Column;

  private constructor(nodes: Column, indices: Column, counts: Column, states: Column) {
    this.nodes = nodes;
    this.indices = indices;
    this.counts = counts;
    this.states = states;
  }

  static of(changes: readonly Change[]): ChangeColumns {
    const [nodes, indices] = [new ColumnBuilder(), new ColumnBuilder()];
    const [counts, states] = [new ColumnBuilder(), new ColumnBuilder()];
    for (const { node, index, count, state } of changes) {
      nodes.push(node);
      indices.push(index === undefined ? 0 : index + 1);
      counts.push(count);
      states.push(state);
    }
    return new ChangeColumns(nodes.column(), indices.column(), counts.column(), states.column());
  }

  get length(): number {
    return this.nodes.length;
  }

  at(i: number): Change {
    const index = this.indices.at(i);
    return {
      node: nodeId(this.nodes.at(i)),
      index: index === 0 ? undefined : index - 1,
      count: this.counts.at(i),
      state: stateCode(this.states.at(i)),
    };
  }

  write(out: ByteWriter): void {
    out.varint(this.length);
    for (const column of [this.nodes, this.indices, this.counts, this.states]) column.write(out);
  }

  static read(from: ByteReader): ChangeColumns {
    const length = from.upTo(ROWS_MAX);
    const column = (max: number): Column => Column.read(from, length, max);
    return new ChangeColumns(column(ID_END - 1), column(ID_END), column(ID_END), column(STATE_MAX));
  }
}

export const changeColumns: Field<ChangeColumns> = {
  says: "changes: nodes, first indices, counts, states",
  write: (out, given) => given.write(out),
  read: (from) => ChangeColumns.read(from),
};
