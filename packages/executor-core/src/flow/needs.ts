// Owns: what a task needs of a worker, read from its options, and from tags in the form that Prefect has for it (CLUS-7).
// N1. An option for a resource counts before tags for it; tags for one resource add up.

import { AMOUNT_MAX, type Needs, PRIORITY_MAX } from "../work/policies.js";
import { FlowError } from "./flow-error.js";
import { kindOf } from "./node-ref.js";

const RESOURCE_TAG = /^dask-resource:/i;

const AMOUNT = `a number above 0, at most ${AMOUNT_MAX}: of more, count in a larger unit`;

/** Amounts by name, sorted, so that equal ones are equal text. */
export function readResources(given: unknown, of: string): Needs["resources"] {
  const what = `resources ${of}`;
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new FlowError("INVALID_OPTION", `${what} is ${kindOf(given)}: write amounts by name, as in { gpu: 1 }`);
  }
  return sorted(Object.entries(given).map(([name, amount]) => [name, readAmount(name, amount, what)]));
}

function readAmount(name: string, amount: unknown, what: string): number {
  if (name.trim() !== "" && typeof amount === "number" && amount > 0 && amount <= AMOUNT_MAX) return amount;
  const named = JSON.stringify(name);
  throw new FlowError("INVALID_OPTION", `${what} has ${named}: ${kindOf(amount)}. Write a name and ${AMOUNT}`);
}

export function readPriority(given: unknown, of: string): number {
  if (typeof given === "number" && Number.isSafeInteger(given) && Math.abs(given) <= PRIORITY_MAX) return given;
  const range = `from -${PRIORITY_MAX} to ${PRIORITY_MAX}`;
  throw new FlowError("INVALID_OPTION", `priority ${of} is ${kindOf(given)}: write a whole number ${range}`);
}

/** Undefined: nothing. `tags` are all that a node bears. */
export function needsOf(
  resources: Needs["resources"],
  labels: readonly string[],
  tags: readonly string[],
  name: string,
): Needs | undefined {
  const amounts = new Map<string, number>();
  for (const tag of tags) {
    if (!RESOURCE_TAG.test(tag)) continue;
    const [resource, amount] = readTag(tag, name);
    amounts.set(resource, readAmount(resource, (amounts.get(resource) ?? 0) + amount, `tags of "${name}"`));
  }
  for (const [resource, amount] of Object.entries(resources)) amounts.set(resource, amount);
  if (amounts.size === 0 && labels.length === 0) return undefined;
  return { resources: sorted([...amounts]), labels };
}

function readTag(tag: string, name: string): readonly [string, number] {
  const text = tag.replace(RESOURCE_TAG, "");
  const at = text.indexOf("=");
  const [resource, amount] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at > 0 && resource !== "" && amount !== "" && Number(amount) > 0) return [resource, Number(amount)];
  throw new FlowError(
    "INVALID_OPTION",
    `the tag ${JSON.stringify(tag)} of the task "${name}" names no amount: write dask-resource:KEY=NUM with ${AMOUNT}, or the option resources: { KEY: NUM }`,
  );
}

const sorted = (entries: readonly (readonly [string, number])[]): Needs["resources"] =>
  Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
