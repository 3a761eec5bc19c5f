// Owns: reading `--param name=value`, against what the flow's parameters accept.
// Does not own: the words for what is wrong (`param-help`).
// G1. A value is JSON if it can be read so, else text. Where a flow does not take the JSON, the text is tried too:
//     `--param version=1.10` is no number for a flow that wants a string.

import { type AnyFlow, InvalidParams, type Issue, type ParameterInfo } from "@millrace/core";
import { shownValue } from "./shown-value.js";
import { UsageError } from "./usage-error.js";

export type GivenParam = { readonly name: string; readonly text: string };

/** Throws `USAGE`. */
export function readGiven(pairs: readonly string[]): readonly GivenParam[] {
  const given = pairs.map(splitPair);
  for (const [i, { name }] of given.entries()) {
    if (given.findIndex((other) => other.name === name) === i) continue;
    throw new UsageError(`--param ${name} is given twice: write a list as JSON, as in --param '${name}=["a", "b"]'`);
  }
  return given;
}

function splitPair(pair: string): GivenParam {
  const at = pair.indexOf("=");
  if (at > 0) return { name: pair.slice(0, at), text: pair.slice(at + 1) };
  throw new UsageError(`--param ${pair} is no name=value: write it as in --param ${at === 0 ? "name" : pair}=value`);
}

/** What to give to `flow.start`. Throws `INVALID_PARAMS`, about the values as they look, not about later guesses. */
export function paramsFor(flow: AnyFlow, known: readonly ParameterInfo[], given: readonly GivenParam[]): object {
  const values = new Map(given.map(({ name, text }) => [name, readValue(text)]));
  let first: unknown;
  // A schema may refuse one after the other: each that is refused as JSON is tried as text, until no other one is.
  for (;;) {
    try {
      return checked(flow, known, values);
    } catch (error) {
      first ??= error;
      if (!(error instanceof InvalidParams) || !triesTexts(values, given, error)) throw first;
    }
  }
}

/** False: there is nothing else to try. */
function triesTexts(values: Map<string, unknown>, given: readonly GivenParam[], { issues }: InvalidParams): boolean {
  const refused = new Set(issues.map(({ path }) => path[0]));
  const texts = given.filter(({ name, text }) => refused.has(name) && values.get(name) !== text);
  for (const { name, text } of texts) values.set(name, text);
  return texts.length > 0;
}

function checked(flow: AnyFlow, known: readonly ParameterInfo[], values: ReadonlyMap<string, unknown>): object {
  const input = Object.fromEntries(values);
  flow.parse(input);
  const issues = known.flatMap((info) => unlikeDefault(info, values));
  if (issues.length > 0) throw new InvalidParams(flow.name, issues);
  return input;
}

/** A plain `param(3)` has no schema that would refuse a text, but its default says what it is. */
function unlikeDefault({ name, schema, defaultValue }: ParameterInfo, values: ReadonlyMap<string, unknown>): Issue[] {
  if (schema !== undefined || defaultValue === undefined || defaultValue === null || !values.has(name)) return [];
  const [wanted, found] = [kindOf(defaultValue), kindOf(values.get(name))];
  if (wanted === found) return [];
  return [{ message: `its default ${shownValue(defaultValue)} is ${wanted}, this is ${found}`, path: [name] }];
}

export function readValue(text: string): unknown {
  const json = readJson(text);
  return json === undefined ? text : json.value;
}

export function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

export function kindOf(value: unknown): string {
  if (value === null) return "null";
  if (typeof value === "string") return "text";
  if (typeof value === "object") return Array.isArray(value) ? "a list" : "an object";
  return `a ${typeof value}`;
}
