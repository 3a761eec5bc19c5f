// Owns: trees of values as bytes. Inline values are opaque: nobody reads them here.
// T1. A tree that is nested too deep is refused, so that whoever walks it later needs no care.
// T2. Counts of children are ranges: they cost nothing. Exceptions and attempts stand by index, each once, in order.

import {
  taskRunId,
  type NodeId,
  nodeId,
  type ValueRef,
  type GraphTree,
  type SentTree,
  type ValueTree,
} from "@millrace/core/pure";
import type { ByteReader } from "./byte-reader.js";
import type { ByteWriter } from "./byte-writer.js";
import { type Field, text } from "./fields.js";
import { ID_END, ROWS_MAX, TREE_DEPTH_MAX } from "./limits.js";
import { inlineOf, Opaque } from "./opaque.js";
import { ProtocolError } from "./protocol-error.js";
import { stateData } from "./failure-fields.js";

const TAG = {
  inline: 0,
  ref: 1,
  pick: 2,
  element: 3,
  slot: 4,
  children: 5,
  settled: 6,
  settledIn: 7,
  settledEach: 8,
  succeeded: 9,
  list: 10,
  record: 11,
} as const;

const node: Field<NodeId> = {
  says: "node",
  write: (out, ref) => out.varint(ref),
  read: (from) => nodeId(from.upTo(ID_END - 1)),
};
const valueRef: Field<ValueRef> = {
  says: "value's name",
  write: (out, { taskRun, attempt }) => {
    out.varint(taskRun);
    out.varint(attempt);
  },
  read: (from) => ({ taskRun: taskRunId(from.upTo(ID_END - 1)), attempt: from.upTo(ID_END) }),
};

export const graphTree: Field<GraphTree> = treeOver("graph tree", node);
export const sentTree: Field<SentTree> = treeOver("sent tree", valueRef);

function treeOver<Name>(says: string, name: Field<Name>): Field<ValueTree<Name>> {
  return {
    says,
    write: (out, tree) => writeTree(out, tree, name, 0),
    read: (from) => readTree(from, name, 0),
  };
}

function writeTree<Name>(out: ByteWriter, tree: ValueTree<Name>, name: Field<Name>, depth: number): void {
  if (depth > TREE_DEPTH_MAX)
    throw new ProtocolError(
      "FRAME_TOO_LARGE",
      `arguments are nested more than ${TREE_DEPTH_MAX} deep: make them flatter`,
    );
  const write = (part: ValueTree<Name>): void => writeTree(out, part, name, depth + 1);
  switch (tree.kind) {
    case "inline": {
      const { memory, from, end } = inlineOf(tree.value);
      out.u8(TAG.inline);
      return out.block(memory, from, end);
    }
    case "ref":
      out.u8(TAG.ref);
      return name.write(out, tree.ref);
    case "pick":
      out.u8(TAG.pick);
      write(tree.of);
      return write(tree.key);
    case "slot":
      out.u8(TAG.slot);
      return out.varint(tree.slot);
    case "settled":
      out.u8(tree.state === undefined ? TAG.settled : TAG.settledIn);
      if (tree.state !== undefined) stateData.write(out, tree.state);
      return write(tree.of);
    case "element":
    case "settledEach":
    case "succeeded":
      out.u8(TAG[tree.kind]);
      return write(tree.of);
    case "children":
      out.u8(TAG.children);
      return writeChildren(out, tree, write);
    case "list":
      out.u8(TAG.list);
      out.varint(tree.items.length);
      return tree.items.forEach(write);
    case "record":
      out.u8(TAG.record);
      out.varint(tree.items.length);
      for (const key of tree.keys) text.write(out, key);
      return tree.items.forEach(write);
    default:
      return tree satisfies never;
  }
}

type ChildrenOf<Name> = Extract<ValueTree<Name>, { readonly kind: "children" }>;

function writeChildren<Name>(out: ByteWriter, tree: ChildrenOf<Name>, write: (part: ValueTree<Name>) => void): void {
  out.varint(tree.first);
  out.varint(tree.count);
  out.varint(tree.attempts?.size ?? 0);
  for (const [index, attempt] of byIndex(tree.attempts ?? new Map<number, number>())) {
    out.varint(index);
    out.varint(attempt);
  }
  out.varint(tree.except.size);
  for (const [index, part] of byIndex(tree.except)) {
    out.varint(index);
    write(part);
  }
}

const byIndex = <T>(map: ReadonlyMap<number, T>): readonly (readonly [number, T])[] =>
  [...map].toSorted(([a], [b]) => a - b);

function readTree<Name>(from: ByteReader, name: Field<Name>, depth: number): ValueTree<Name> {
  if (depth > TREE_DEPTH_MAX) throw from.fail("a tree is nested too deep");
  const read = (): ValueTree<Name> => readTree(from, name, depth + 1);
  const tag = from.u8();
  switch (tag) {
    case TAG.inline:
      return { kind: "inline", value: new Opaque(from.block(from.end)) };
    case TAG.ref:
      return { kind: "ref", ref: name.read(from) };
    case TAG.pick:
      return { kind: "pick", of: read(), key: read() };
    case TAG.slot:
      return { kind: "slot", slot: from.upTo(ROWS_MAX) };
    case TAG.settled:
      return { kind: "settled", of: read() };
    case TAG.settledIn: {
      const state = stateData.read(from);
      return { kind: "settled", of: read(), state };
    }
    case TAG.element:
      return { kind: "element", of: read() };
    case TAG.settledEach:
      return { kind: "settledEach", of: read() };
    case TAG.succeeded:
      return { kind: "succeeded", of: read() };
    case TAG.children:
      return readChildren(from, read);
    case TAG.list:
      return { kind: "list", items: readMany(from, from.count(ROWS_MAX, 2), read) };
    case TAG.record: {
      const count = from.count(ROWS_MAX, 3);
      const keys = readMany(from, count, () => text.read(from));
      return { kind: "record", keys, items: readMany(from, count, read) };
    }
    default:
      throw from.fail("a tree has a part of no known kind");
  }
}

function readMany<T>(_from: ByteReader, count: number, read: () => T): readonly T[] {
  const items: T[] = [];
  for (let i = 0; i < count; i++) items.push(read());
  return items;
}

function readChildren<Name>(from: ByteReader, read: () => ValueTree<Name>): ChildrenOf<Name> {
  const first = taskRunId(from.upTo(ID_END - 1));
  const count = from.upTo(ID_END - first);
  const attempts = readByIndex(from, count, () => from.upTo(ID_END));
  const except = readByIndex(from, count, read);
  if (attempts.size === 0) return { kind: "children", first, count, except };
  return { kind: "children", first, count, attempts, except };
}

function readByIndex<T>(from: ByteReader, end: number, read: () => T): ReadonlyMap<number, T> {
  const map = new Map<number, T>();
  let next = 0;
  for (let left = from.count(ROWS_MAX, 2); left > 0; left--) {
    const index = from.varint();
    if (index < next || index >= end) throw from.fail("an index is out of order or range");
    map.set(index, read());
    next = index + 1;
  }
  return map;
}
