// Owns: a finished run as JSON.

import { type ErrorTexts, type SourcePlace, errorTexts, hostFolders, placeOfStack } from "@millrace/code";
import { groupBySlug } from "./group-by-slug.js";
import { jsonProblem } from "./json-problem.js";
import { host } from "./open-flow.js";
import type { RunReport } from "./run-report.js";
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
  readonly cause?: ErrorDocument;
};

/** The document, whatever the value is. */
export function runText(report: RunReport): string {
  try {
    return JSON.stringify(runDocument(report, valuePart(report)), null, 2);
  } catch (error) {
    // What has a toJSON may throw at the second time; or the text is longer than a string can be.
    return JSON.stringify(runDocument(report, { noValue: errorTexts(error).message }), null, 2);
  }
}

function runDocument(report: RunReport, value: object): object {
  const { flow, run, failures, outcome } = report;
  const errors = failures.first.map(failureDocument);
  const ownErrors = run.state === "Success" && "error" in outcome ? [errorDocument(outcome.error)] : [];
  return { flow, state: run.state, ...value, tasks: tasksOf(report), errors: [...ownErrors, ...errors] };
}

/** `value` where JSON can say it, else `noValue` says why not. */
function valuePart({ run, outcome }: RunReport): object {
  if (run.state !== "Success") return {};
  if ("error" in outcome) return { noValue: errorTexts(outcome.error).message };
  const problem = jsonProblem(outcome.value);
  return problem === undefined ? { value: outcome.value } : { noValue: problem };
}

function tasksOf({ run: { states } }: RunReport): readonly TaskDocument[] {
  const groups = [...groupBySlug(states.rows())];
  let next = 0;
  return Array.from(states.slugs(), (slug) => {
    // In the same order; a map of nothing has no rows.
    const own = groups[next]?.slug === slug ? (groups[next++]?.rows ?? []) : [];
    const durationMs = Math.round(own.reduce((sum, row) => sum + row.durationMs, 0) * 1_000) / 1_000;
    const [first] = own;
    if (first?.mapped === false) return { slug, state: first.state, durationMs };
    const state = states.get(slug) ?? "Pending";
    return { slug, state, children: Object.fromEntries(own.map((row) => [row.state, row.count])), durationMs };
  });
}

const failureDocument = ({ slug, index, failure }: TaskFailure): ErrorDocument => ({
  task: slug,
  ...(index === undefined ? {} : { index }),
  ...textsDocument(failure),
  ...(failure.cause === undefined ? {} : { cause: textsDocument(failure.cause) }),
});

export const errorDocument = (error: unknown): ErrorDocument => textsDocument(errorTexts(error));

function textsDocument({ name, code, message, stack }: ErrorTexts): ErrorDocument {
  const place = placeOfStack(stack, hostFolders(host));
  return { name, ...(code === undefined ? {} : { code }), message, ...(place === undefined ? {} : { place }) };
}
