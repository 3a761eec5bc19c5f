// Owns: a finished run as JSON.

import { type SourcePlace, hostFolders, placeOfStack } from "@millrace/code";
import type { FinishedRun } from "@millrace/core";
import { groupBySlug } from "./group-by-slug.js";
import { jsonProblem } from "./json-problem.js";
import { host } from "./open-flow.js";
import type { TaskFailure } from "./task-failures.js";

export type TaskDocument = {
  readonly slug: string;
  readonly state: string;
  /** How many children of a mapped task are in which state. */
  readonly children?: Readonly<Record<string, number>>;
  /** Of all children together. */
  readonly durationMs: number;
};
export type ErrorDocument = {
  readonly task?: string;
  readonly index?: number;
  readonly name: string;
  readonly code?: string;
  readonly message: string;
  readonly place?: SourcePlace;
};

export function runDocument(flow: string, run: FinishedRun<unknown>, failures: readonly TaskFailure[]): object {
  return { flow, state: run.state, ...valuePart(run), tasks: tasksOf(run), errors: failures.map(failureDocument) };
}

/** `value` where JSON can say it, else `noValue` says why not. */
function valuePart(run: FinishedRun<unknown>): object {
  if (run.state !== "Success") return {};
  try {
    const { value } = run;
    const problem = jsonProblem(value);
    return problem === undefined ? { value } : { noValue: problem };
  } catch (error) {
    return { noValue: error instanceof Error ? error.message : String(error) };
  }
}

function tasksOf({ states }: FinishedRun<unknown>): readonly TaskDocument[] {
  const rows = groupBySlug(states.table());
  return [...states.slugs()].map((slug) => {
    const own = rows.get(slug) ?? [];
    const durationMs = Math.round(own.reduce((sum, row) => sum + row.durationMs, 0) * 1_000) / 1_000;
    const state = states.get(slug) ?? "Pending";
    if (states.width(slug) === undefined) return { slug, state, durationMs };
    return { slug, state, children: Object.fromEntries(own.map((row) => [row.state, row.count])), durationMs };
  });
}

const failureDocument = ({ slug, index, error }: TaskFailure): ErrorDocument => ({
  task: slug,
  ...(index === undefined ? {} : { index }),
  ...errorDocument(error),
});

export function errorDocument(error: unknown): ErrorDocument {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? { code: error.code } : {};
  const place = placeOfStack(error.stack, hostFolders(host));
  return { name: error.name, ...code, message: error.message, ...(place === undefined ? {} : { place }) };
}
