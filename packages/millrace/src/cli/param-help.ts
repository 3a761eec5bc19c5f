// Owns: words for parameters: a flow's list of them, and how to write one that was missing or wrong.

import type { InvalidParams, Issue, ParameterInfo } from "@millrace/core";
import { type GivenParam, kindOf, readJson, readValue } from "./given-params.js";
import { columns } from "./columns.js";

/** Lines for help; none where the flow takes no parameters. */
export function parameterLines(known: readonly ParameterInfo[]): readonly string[] {
  if (known.length === 0) return ["This flow has no parameters."];
  const rows = known.map((info) => [
    `  ${info.name}`,
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
  const line = `- ${path.length > 0 ? `${path.map(String).join(".")}: ` : ""}${message}`;
  const info = known.find((each) => each.name === name);
  if (info === undefined) return [line];
  const param = given.find((each) => each.name === name);
  if (param === undefined) return [line, `  give it with ${asOption(info.name, exampleOf(info))}`];
  const readAs = `  given was ${asOption(name, param.text)}, read as ${kindOf(readValue(param.text))}`;
  const example = correctedOf(info, param);
  return example === undefined ? [line, readAs] : [line, readAs, `  write it as in ${asOption(name, example)}`];
}

/** One word for a shell, in single quotes where it would not be one. */
export function asOption(name: string, text: string): string {
  const word = `${name}=${text}`;
  return `--param ${/^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`}`;
}

const typeOf = ({ schema, defaultValue }: ParameterInfo): unknown =>
  schema?.["type"] ??
  (Array.isArray(defaultValue) ? "array" : defaultValue === undefined ? undefined : typeof defaultValue);

/** The given value in the form that the type asks for, or any value of that form. */
function correctedOf(info: ParameterInfo, { text }: GivenParam): string | undefined {
  const json = readJson(text);
  const isList = Array.isArray(json?.value);
  if (typeOf(info) === "array" && !isList) return JSON.stringify([json?.value ?? text]);
  if (typeOf(info) === "string" && json !== undefined) return JSON.stringify(text);
  return typeOf(info) === undefined ? undefined : exampleOf(info);
}

function exampleOf(info: ParameterInfo): string {
  const [enumerated] = Array.isArray(info.schema?.["enum"]) ? info.schema["enum"] : [];
  if (enumerated !== undefined) return String(enumerated);
  const [example] = Array.isArray(info.schema?.["examples"]) ? info.schema["examples"] : [];
  if (example !== undefined) return JSON.stringify(example);
  switch (typeOf(info)) {
    case "array":
      return itemOf(info) === "number" || itemOf(info) === "integer" ? "[1, 2]" : '["a", "b"]';
    case "object":
      return '{"key": "value"}';
    case "number":
    case "integer":
      return "1";
    case "boolean":
      return "true";
    case "string":
      return "text";
    default:
      return "VALUE";
  }
}

function itemOf({ schema }: ParameterInfo): unknown {
  const items = schema?.["items"];
  return typeof items === "object" && items !== null && "type" in items ? items.type : undefined;
}

function typeText(info: ParameterInfo): string {
  const enumerated = info.schema?.["enum"];
  if (Array.isArray(enumerated)) return enumerated.map((value) => JSON.stringify(value)).join(" | ");
  const type = typeOf(info);
  if (type === "array") return `${textOr(itemOf(info), "unknown")}[]`;
  return textOr(type, "JSON");
}

const textOr = (value: unknown, fallback: string): string => (typeof value === "string" ? value : fallback);

function needText({ required, defaultValue }: ParameterInfo): string {
  if (required) return "required";
  return defaultValue === undefined ? "optional" : `default ${JSON.stringify(defaultValue)}`;
}
