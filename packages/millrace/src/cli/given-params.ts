// Owns: reading `--param name=value`, against what the flow's parameters accept.
// Does not own: the words for what is wrong (`param-help`).
// G1. A value is JSON if it can be read so, else text. Where a flow does not take the JSON, the text is tried too:
//     `--param version=1.10` is no number for a flow that wants a string.

import { type AnyFlow, InvalidParams, type ParameterInfo } from "@millrace/core";
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

/** What to give to `flow.start`. Throws `INVALID_PARAMS`. */
export function paramsFor(flow: AnyFlow, known: readonly ParameterInfo[], given: readonly GivenParam[]): object {
  const values = new Map(given.map((param) => [param.name, readValue(param, known)]));
  try {
    return checked(flow, values);
  } catch (error) {
    if (!(error instanceof InvalidParams)) throw error;
    const refused = new Set(error.issues.map(({ path }) => path[0]));
    const texts = given.filter(({ name }) => refused.has(name)).map(({ name, text }) => [name, text] as const);
    try {
      return checked(flow, new Map([...values, ...texts]));
    } catch {
      throw error; // about the values as they look, not about the second guess
    }
  }
}

function checked(flow: AnyFlow, values: ReadonlyMap<string, unknown>): object {
  const input = Object.fromEntries(values);
  flow.parse(input);
  return input;
}

/** A default tells the type of a plain `param()`: text that looks like a number stays text there. */
function readValue({ name, text }: GivenParam, known: readonly ParameterInfo[]): unknown {
  const info = known.find((each) => each.name === name);
  const json = readJson(text);
  const isText = info !== undefined && info.schema === undefined && typeof info.defaultValue === "string";
  return json === undefined || (isText && typeof json.value !== "string") ? text : json.value;
}

export function readJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}
