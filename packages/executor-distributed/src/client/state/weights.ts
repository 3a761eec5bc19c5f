// Owns: how much room a node takes in a frame, roughly and rather too much: never more bytes, nor more rows, than are said here.

import type { CaseTest, GraphTree } from "@millrace/core/pure";
import { Opaque } from "../../protocol/opaque.js";
import type { SentSpec } from "../../protocol/spec-fields.js";

/** Of an edge or a part of a tree, and more than they take: so many bytes of them are fewer rows than a frame may have. */
const PART_BYTES = 10;
const SPEC_BYTES = 256;
const NOTHING = new Uint8Array(0);

export const edgesWeight = (count: number): number => count * PART_BYTES;

/** Characters take two bytes at most. */
export const textWeight = (text: string): number => PART_BYTES + 2 * text.length;

/** But for what stands inline, which is bytes already. */
export function treeWeight(tree: GraphTree): number {
  switch (tree.kind) {
    case "inline":
    case "ref":
    case "slot":
      return PART_BYTES;
    case "pick":
      return PART_BYTES + treeWeight(tree.of) + treeWeight(tree.key);
    case "element":
    case "settled":
    case "settledEach":
    case "succeeded":
      return PART_BYTES + treeWeight(tree.of);
    case "list":
      return PART_BYTES + sum(tree.items, treeWeight);
    case "record":
      return PART_BYTES + sum(tree.items, treeWeight) + sum(tree.keys, textWeight);
    case "children":
      // Stands in no graph.
      return PART_BYTES;
    default:
      return tree satisfies never;
  }
}

export function specWeight(spec: SentSpec): number {
  if (spec.kind === "parameter") return SPEC_BYTES + textWeight(spec.name);
  if (spec.kind === "record") return SPEC_BYTES + sum(spec.keys, textWeight);
  if (spec.kind === "case") return SPEC_BYTES + testWeight(spec.test);
  if (spec.kind !== "task") return SPEC_BYTES;
  const { name, task, tags, args, refused, needs } = spec;
  const words = [name, task.code, task.source, task.name, ...(refused === undefined ? [] : [refused.message])];
  const more = [...tags, ...args, ...Object.keys(needs?.resources ?? {}), ...(needs?.labels ?? [])];
  return SPEC_BYTES + sum(words, textWeight) + sum(more, textWeight);
}

function testWeight(test: CaseTest): number {
  const { bytes } = test.is === "equal" && test.value instanceof Opaque ? test.value : { bytes: NOTHING };
  return PART_BYTES + bytes.length;
}

function sum<T>(items: readonly T[], weight: (item: T) => number): number {
  let all = 0;
  for (const item of items) all += weight(item);
  return all;
}
