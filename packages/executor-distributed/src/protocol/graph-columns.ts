// Owns: a piece of graph as columns: the spec, arguments, edges and own slug of each of its nodes.
// G1. Specs are numbered over the whole run and sent once: a chunk brings those that are new.
// G2. Inline arguments are views of the frame's memory: whoever keeps few of them copies them.

import { type EdgeInput, type GraphTree, type NodeId, nodeId } from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { Column, ColumnBuilder } from "./column.js";
import type { Field } from "./fields.js";
import { ID_END, ROWS_MAX, TEXT_MAX } from "./limits.js";
import { graphNames, TreeColumn, TreeColumnBuilder } from "./tree-column.js";
import { readSparse, writeSparse } from "./work-columns.js";

const FLAGS_MAX = 63;

type GraphParts = {
  readonly first: number;
  readonly specs: Column;
  /** How many of `args` each node has. */
  readonly argCounts: Column;
  readonly args: TreeColumn<NodeId>;
  readonly edgeCounts: Column;
  /** How far back the upstream stands, doubled; one more: it comes later. */
  readonly edgesBack: Column;
  readonly edgeFlags: Column;
  readonly slugs: ReadonlyMap<number, string>;
};

export type ChunkNode = {
  readonly spec: number;
  readonly args: readonly GraphTree[];
  readonly edges: readonly EdgeInput[];
  /** The user's own. */
  readonly slug: string | undefined;
};

export class GraphColumns {
  private readonly parts: GraphParts;

  constructor(parts: GraphParts) {
    this.parts = parts;
  }

  /** The id of the first node. */
  get first(): number {
    return this.parts.first;
  }

  get length(): number {
    return this.parts.specs.length;
  }

  /** In order: each node's arguments and edges follow those of the one before. */
  *nodes(): Generator<ChunkNode> {
    const { first, specs, argCounts, args, edgeCounts, edgesBack, edgeFlags, slugs } = this.parts;
    let [arg, edge] = [0, 0];
    for (let i = 0; i < specs.length; i++) {
      const nodeArgs: GraphTree[] = [];
      for (let left = argCounts.at(i); left > 0; left--) nodeArgs.push(args.at(arg++));
      const edges: EdgeInput[] = [];
      for (let left = edgeCounts.at(i); left > 0; left--, edge++)
        edges.push({ from: nodeId(fromOf(first + i, edgesBack.at(edge))), flags: edgeFlags.at(edge) });
      yield { spec: specs.at(i), args: nodeArgs, edges, slug: slugs.get(i) };
    }
  }

  write(out: ByteWriter): void {
    const { first, specs, argCounts, args, edgeCounts, edgesBack, edgeFlags, slugs } = this.parts;
    out.varint(first);
    out.varint(specs.length);
    for (const column of [specs, argCounts, edgeCounts]) column.write(out);
    args.write(out);
    edgesBack.write(out);
    edgeFlags.write(out);
    writeSparse(out, slugs, (slug) => out.text(slug, TEXT_MAX));
  }

  static read(from: ByteReader): GraphColumns {
    const first = from.upTo(ID_END - 1);
    const length = from.upTo(ROWS_MAX);
    const [specs, argCounts, edgeCounts] = [column(from, length), column(from, length), column(from, length)];
    const args = TreeColumn.read(from, total(from, argCounts), graphNames);
    const edges = total(from, edgeCounts);
    const edgesBack = Column.read(from, edges, 2 * ID_END);
    const edgeFlags = Column.read(from, edges, FLAGS_MAX);
    const slugs = readSparse(from, length, () => from.text(TEXT_MAX));
    const parts = { first, specs, argCounts, args, edgeCounts, edgesBack, edgeFlags, slugs };
    checkEdges(from, parts);
    return new GraphColumns(parts);
  }
}

export const graphColumns: Field<GraphColumns> = {
  says: "nodes: first id, spec numbers, arguments, edges, own slugs",
  write: (out, given) => given.write(out),
  read: (from) => GraphColumns.read(from),
};

const column = (from: ByteReader, length: number): Column => Column.read(from, length, ROWS_MAX);
const fromOf = (to: number, back: number): number => (back % 2 === 0 ? to - back / 2 : to + (back + 1) / 2);

function total(from: ByteReader, counts: Column): number {
  const sum = counts.sum();
  if (sum > ROWS_MAX) throw from.fail("it has more parts than its cap");
  return sum;
}

function checkEdges(from: ByteReader, { first, specs, edgeCounts, edgesBack }: GraphParts): void {
  let edge = 0;
  for (let i = 0; i < specs.length && edge < edgesBack.length; i++) {
    for (let left = edgeCounts.at(i); left > 0; left--, edge++) {
      const upstream = fromOf(first + i, edgesBack.at(edge));
      if (upstream < 0 || upstream >= ID_END) throw from.fail("an edge comes from no node");
    }
  }
}

export class GraphBuilder {
  private readonly first: number;
  private readonly specs = new ColumnBuilder();
  private readonly argCounts = new ColumnBuilder();
  private readonly args = new TreeColumnBuilder(graphNames);
  private readonly edgeCounts = new ColumnBuilder();
  private readonly edgesBack = new ColumnBuilder();
  private readonly edgeFlags = new ColumnBuilder();
  private readonly slugs = new Map<number, string>();

  constructor(first: number) {
    this.first = first;
  }

  get length(): number {
    return this.specs.length;
  }

  add({ spec, args, edges, slug }: ChunkNode): void {
    const i = this.specs.length;
    this.specs.push(spec);
    this.argCounts.push(args.length);
    for (const arg of args) this.args.push(arg);
    this.edgeCounts.push(edges.length);
    for (const { from, flags } of edges) {
      const back = this.first + i - from;
      this.edgesBack.push(back < 0 ? -back * 2 - 1 : back * 2);
      this.edgeFlags.push(flags);
    }
    if (slug !== undefined) this.slugs.set(i, slug);
  }

  columns(): GraphColumns {
    return new GraphColumns({
      first: this.first,
      specs: this.specs.column(),
      argCounts: this.argCounts.column(),
      args: this.args.column(),
      edgeCounts: this.edgeCounts.column(),
      edgesBack: this.edgesBack.column(),
      edgeFlags: this.edgeFlags.column(),
      slugs: this.slugs,
    });
  }
}
