// Owns: words for parameters: a flow's list of them, and how to write one that was missing or wrong.

import type { InvalidParams, Issue, ParameterInfo } from "@millrace/core";
import { type GivenParam, kindOf, readJson, readValue } from "./given-params.js";
import { columns } from "./columns.js";
import { asOnlyItem, exampleOf, itemTypeOf, typeOf } from "./param-example.js";
import { shownValue } from "./shown-value.js";

/** Lines for help; none where the flow takes no parameters. */
export function parameterLines(known: readonly ParameterInfo[]): readonly string[] {
  if (known.length === 0) return ["This flow has no parameters."];
  const rows = known.map((info) => [
    `  ${shownName(info.name)}`,
    typeText(info),
    needText(info),
    textOr(info.schema?.["description"], ""),
  ]);
  return ["Parameters:", ...columns(rows)];
}

/** The error's message, and below each issue the way to write that parameter. */
export function invalidParamsText(
  error: InvalidParams,
  known: readonly ParameterInfo[],
  given: readonly GivenParam[],
): string {
  const [head = ""] = error.message.split("\n");
  const lines = error.issues.flatMap((issue) => issueLines(issue, known, given));
  return [head, ...lines].join("\n");
}

function issueLines({ path, message }: Issue, known: readonly ParameterInfo[], given: readonly GivenParam[]): string[] {
  const name = String(path[0] ?? "");
  const line = `- ${path.length > 0 ? `${path.map((part) => shownName(String(part))).join(".")}: ` : ""}${message}`;
  const info = known.find((each) => each.name === name);
  // The command line has no way to give one without a name.
  if (info === undefined || name === "") return [line];
  const param = given.find((each) => each.name === name);
  if (param === undefined) return [line, `  give it with ${asOption(info.name, exampleOf(info))}`];
  const readAs = `  given was ${asOption(name, param.text)}, read as ${kindOf(readValue(param.text))}`;
  const example = correctedOf(info, param);
  return example === undefined ? [line, readAs] : [line, readAs, `  write it as in ${asOption(name, example)}`];
}

const shownName = (name: string): string => (name.trim() === name && name !== "" ? name : JSON.stringify(name));

/** One word for a shell, in single quotes where it would not be one. */
export function asOption(name: string, text: string): string {
  const word = `${name}=${text}`;
  return `--param ${/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`}`;
}

/** The given value in the form that the type asks for, or any value of that form. */
function correctedOf(info: ParameterInfo, { text }: GivenParam): string | undefined {
  const json = readJson(text);
  const isList = Array.isArray(json?.value);
  if (typeOf(info) === "array" && !isList) return asOnlyItem(info, text) ?? exampleOf(info);
  if (typeOf(info) === "string" && json !== undefined) return JSON.stringify(text);
  return typeOf(info) === undefined ? undefined : exampleOf(info);
}

function typeText(info: ParameterInfo): string {
  const enumerated = info.schema?.["enum"];
  if (Array.isArray(enumerated)) return enumerated.map((value) => JSON.stringify(value)).join(" | ");
  const type = typeOf(info);
  if (type === "array") return `${textOr(itemTypeOf(info), "unknown")}[]`;
  return textOr(type, "JSON");
}

const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

function needText({ required, defaultValue }: ParameterInfo): string {
  if (required) return "required";
  return defaultValue === undefined ? "optional" : `default ${shownValue(defaultValue)}`;
}
