// Owns: what came as bytes that nobody on the way read, as values again: where user code runs, and where a value is asked for.

import {
  decodeValue,
  mapInline,
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

export const decodedTree = (tree: SentTree): SentTree => mapInline(tree, decoded);

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
