// Owns: what came as bytes that nobody on the way read, as values again: where user code runs, and where a value is asked for.

import {
  decodeValue,
  type RunFacts,
  type SentTree,
  type Work,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/seam";
import { Opaque } from "@millrace/distributed/seam";

export function decoded(value: unknown): unknown {
  return value instanceof Opaque ? decodeValue({ bytes: value.bytes.slice(), beside: [] }) : value;
}

export function decodedTree(tree: SentTree): SentTree {
  switch (tree.kind) {
    case "inline":
      return { kind: "inline", value: decoded(tree.value) };
    case "ref":
    case "slot":
      return tree;
    case "children":
      return { ...tree, except: new Map([...tree.except].map(([i, part]) => [i, decodedTree(part)])) };
    case "pick":
      return { kind: "pick", of: decodedTree(tree.of), key: decodedTree(tree.key) };
    case "settled":
      return { ...tree, of: decodedTree(tree.of) };
    case "element":
    case "settledEach":
    case "succeeded":
      return { kind: tree.kind, of: decodedTree(tree.of) };
    case "list":
      return { kind: "list", items: tree.items.map(decodedTree) };
    case "record":
      return { kind: "record", keys: tree.keys, items: tree.items.map(decodedTree) };
    default:
      return tree satisfies never;
  }
}

export function decodedWork(work: Work): Work {
  const { taskRun, attempt, index, runCount, loopCount, loopValue, slug, slots, inputAttempts } = work;
  return {
    taskRun,
    attempt,
    index,
    runCount,
    loopCount,
    loopValue: decoded(loopValue),
    slug,
    slots: slots?.map(decodedTree),
    inputAttempts,
  };
}

export const batchOf = (run: RunFacts, template: WorkTemplate, works: readonly Work[]): WorkBatch => ({
  run,
  template,
  length: works.length,
  at: (i) => {
    const work = works[i];
    if (work === undefined) throw new RangeError(`no work ${i} in a batch of ${works.length}`);
    return work;
  },
});
