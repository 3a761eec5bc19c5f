// Owns: a batch as it goes to a thread.

import { type Work, WorkRange } from "@millrace/core/seam";
import type { Batch } from "./batch.js";
import type { Arguments } from "./columns.js";
import { type Held, heldOf, isHeld } from "./held.js";
import type { Thread } from "./thread.js";
import type { BatchMessage, Tries } from "./wire.js";
import type { Works } from "./works.js";

/** `isCareful`: every outcome is told before the next work begins. */
export function batchMessage(
  batch: Batch,
  thread: Thread,
  { columns, named }: Arguments,
  isCareful: boolean,
): BatchMessage {
  const { lane, works } = batch;
  const { book } = lane;
  const forget = thread.forget;
  thread.forget = [];
  return {
    kind: "batch",
    batch: batch.number,
    run: book.number,
    facts: tellOnce(thread, book.number, () => book.factsMessage),
    template: lane.number,
    made: tellOnce(thread, lane.number, () => lane.message),
    count: works.length,
    ...factsOf(works),
    columns,
    named,
    careful: isCareful,
    forget,
  };
}

/** What tells the works apart beside their arguments. */
function factsOf(works: Works): Pick<BatchMessage, "index" | "slugs" | "tries"> {
  if (works instanceof WorkRange) return { index: works.index, slugs: works.slug, tries: undefined };
  const index = shared(
    works,
    (work) => work.index,
    (first, at) => (first < 0 ? first : first + at),
  );
  const slugs = shared(
    works,
    ({ slug }) => slug,
    (slug) => slug,
  );
  return { index, slugs, tries: triesOf(works) };
}

function tellOnce<T>(thread: Thread, number: number, message: () => T): T | undefined {
  if (thread.knows.has(number)) return undefined;
  thread.knows.add(number);
  return message();
}

/** One for all where the others follow from the first. */
function shared<T>(
  works: readonly Work[],
  read: (work: Work) => T,
  expected: (first: T, at: number) => T,
): T | readonly T[] {
  const [head] = works;
  if (head === undefined) return [];
  const first = read(head);
  return works.every((work, at) => read(work) === expected(first, at)) ? first : works.map(read);
}

function triesOf(works: readonly Work[]): ReadonlyMap<number, Tries> | undefined {
  let tries: Map<number, Tries> | undefined;
  for (const [at, { runCount, loopCount, loopValue }] of works.entries()) {
    if (runCount === 1 && loopCount === 1) continue;
    tries ??= new Map();
    tries.set(at, [runCount, loopCount, loopHeld(loopValue)]);
  }
  return tries;
}

/** It came from a thread as it lies. */
function loopHeld(value: unknown): Held {
  return isHeld(value) ? value : heldOf(value, "loop value");
}
