// Owns: what came as bytes that nobody on the way read, as values again: where user code runs, and where a value is asked for.

import {
  decodeValue,
  mapInline,
  type FlowRunId,
  MillraceError,
  type RunFacts,
  type SentTree,
  type Work,
  type WorkBatch,
  type WorkTemplate,
} from "@millrace/core/seam";
import { Opaque, type SentQuestion, type ToWorker, type WorkAt, type WorkNames } from "@millrace/distributed/seam";

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

export function factsOf(facts: Extract<ToWorker, { kind: "runFacts" }>["facts"]): RunFacts {
  const { id, flow, name, parameters, checkValues, once } = facts;
  return {
    id,
    flow,
    name,
    parameters: decodedParameters(parameters),
    ...(checkValues ? { checkValues: true as const } : undefined),
    ...(once ? { once: true as const } : undefined),
  };
}

export function questionOf(
  question: SentQuestion,
): { kind: "fetch" } | { kind: "probe"; probe: { equals?: { value: unknown } } } {
  if (question.kind === "fetch") return { kind: "fetch" };
  const { equals } = question;
  return { kind: "probe", probe: equals === undefined ? {} : { equals: { value: decoded(equals.value) } } };
}

/** As `context().parameters` gives them. Reading one that was not sent throws `PARAMETER_NOT_SENT`. */
function decodedParameters(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const made: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const get = (): unknown => {
      if (value !== undefined) return decoded(value);
      throw new MillraceError(
        "PARAMETER_NOT_SENT",
        `the parameter "${name}" is too large to be sent to every task: give it to this one as an argument`,
      );
    };
    Object.defineProperty(made, name, { enumerable: true, get });
  }
  return made;
}

export function worksAt(run: FlowRunId, works: WorkNames): readonly WorkAt[] {
  return Array.from({ length: works.ids.length }, (_, i) => ({
    run,
    taskRun: works.ids.at(i),
    attempt: works.attempts.at(i),
  }));
}
