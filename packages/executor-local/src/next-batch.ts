// Owns: which works of a lane go to a thread next, with what they are given.
// N1. A work whose arguments cannot be had fails by itself; the others go without it.
// N2. A work that takes memory that was given up goes alone: another one's death must not take it along.

import { failureDataOf, type RunValues, travelling } from "@millrace/core/seam";
import { type Arguments, argumentsOf } from "./columns.js";
import { movesGivenUp, takeMemory } from "./inline-values.js";
import { ThreadOutcomes } from "./outcomes.js";
import type { Lane } from "./run-book.js";
import { listOf, type Works } from "./works.js";

export type NextBatch = {
  readonly works: Works;
  readonly given: Arguments;
  /** Goes to the thread and is gone here. */
  readonly moved: readonly ArrayBuffer[];
};

/** Of a lane whose works go alone: no more are looked at than may turn out to be of another kind. */
const FEW = 8;

/** `works` may be empty: then all that was taken has failed, as `failed` is told. */
export function nextBatch(
  lane: Lane,
  most: number,
  values: RunValues,
  nowMs: number,
  failed: (outcomes: ThreadOutcomes) => void,
): NextBatch {
  const taken = lane.waiting.take(lane.givesUp ? Math.min(most, FEW) : most);
  const found = argumentsOf(lane.template, taken, values);
  const isGood = found.bad.size === 0;
  if (!isGood) failed(failuresOf(lane, taken, found, nowMs));
  const good = isGood ? taken : listOf(taken).filter((_work, position) => !found.bad.has(position));
  const given = isGood ? found : argumentsOf(lane.template, good, values);
  lane.givesUp = given.givenUp.size > 0 && movesGivenUp(lane.book.facts, lane.template);
  if (!lane.givesUp) return { works: good, given, moved: [] };
  const position = Math.min(...given.givenUp.keys());
  return cut(lane, good, given, position, values);
}

/** N2: what comes before the first of them, or that one alone. */
function cut(lane: Lane, good: Works, given: Arguments, position: number, values: RunValues): NextBatch {
  const list = listOf(good);
  const works = list.slice(0, Math.max(position, 1));
  lane.waiting.putBack(list.slice(works.length));
  const own = works.length === list.length ? given : argumentsOf(lane.template, works, values);
  return { works, given: own, moved: position === 0 ? takeMemory(given.givenUp.get(0) ?? []) : [] };
}

function failuresOf(lane: Lane, works: Works, { bad }: Arguments, nowMs: number): ThreadOutcomes {
  const outcomes = new ThreadOutcomes(lane.book.facts.id);
  for (const [position, error] of bad) {
    const work = works.at(position);
    const failure = travelling(failureDataOf(error));
    if (work !== undefined) outcomes.add(work, { end: "failed", failure, retry: "no" }, nowMs, 0);
  }
  return outcomes;
}
