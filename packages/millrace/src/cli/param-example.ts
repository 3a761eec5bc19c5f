// Owns: an example of a parameter's value, derived from its schema or default.
// E1. An example that the flow would refuse is worse than none: what is not known stands as `...`.

import type { ParameterInfo } from "@millrace/core";
import { readJson } from "./given-params.js";

type Schema = Readonly<Record<string, unknown>>;

const unknownList = "[...]";

export const typeOf = ({ schema, defaultValue }: ParameterInfo): unknown =>
  schema?.["type"] ??
  (Array.isArray(defaultValue) ? "array" : defaultValue === undefined ? undefined : typeof defaultValue);

export const itemTypeOf = ({ schema }: ParameterInfo): unknown => schemaIn(schema?.["items"])?.["type"];

/** Any value of the form that is asked for, as it is written on the command line. */
export function exampleOf(info: ParameterInfo): string {
  const schema = info.schema ?? {};
  const [enumerated] = listIn(schema["enum"]);
  if (enumerated !== undefined) return typeof enumerated === "string" ? enumerated : JSON.stringify(enumerated);
  const [example] = listIn(schema["examples"]);
  if (example !== undefined) return JSON.stringify(example);
  switch (typeOf(info)) {
    case "array":
      return listExample(info);
    case "object":
      return objectText(schema) ?? '{"key": "value"}';
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

/** The given value as the one item of the list that was wanted, if it is of the kind of the items. */
export function asOnlyItem(info: ParameterInfo, text: string): string | undefined {
  const json = readJson(text);
  const itemType = itemTypeOf(info) ?? kindOfFirst(info.defaultValue);
  if (itemType === "string") return JSON.stringify([text]);
  const value = json === undefined ? text : json.value;
  if (itemType === "integer" ? Number.isInteger(value) : itemType === typeof value && value !== null)
    return JSON.stringify([value]);
  return undefined;
}

function listExample(info: ParameterInfo): string {
  const items = schemaIn(info.schema?.["items"]);
  if (items !== undefined) return listText(items);
  const first = kindOfFirst(info.defaultValue);
  return first === undefined ? unknownList : listText({ type: first });
}

function listText(items: Schema): string {
  if (listIn(items["enum"]).length > 0) return JSON.stringify(listIn(items["enum"]).slice(0, 1));
  switch (items["type"]) {
    case "string":
      return '["a", "b"]';
    case "number":
    case "integer":
      return "[1, 2]";
    case "object": {
      const text = objectText(items);
      return text === undefined ? unknownList : `[${text}]`;
    }
    default:
      return unknownList;
  }
}

/** With what it must have, one level deep; undefined where the schema does not say. */
function objectText(schema: Schema): string | undefined {
  const properties = schemaIn(schema["properties"]);
  if (properties === undefined) return undefined;
  const required = listIn(schema["required"]);
  const names = Object.keys(properties).filter((name) => required.includes(name));
  const parts = names.map((name) => `${JSON.stringify(name)}: ${partText(schemaIn(properties[name]))}`);
  return `{${parts.join(", ")}}`;
}

function partText(schema: Schema = {}): string {
  const [enumerated] = listIn(schema["enum"]);
  if (enumerated !== undefined) return JSON.stringify(enumerated);
  switch (schema["type"]) {
    case "string":
      return '"a"';
    case "number":
    case "integer":
      return "1";
    case "boolean":
      return "true";
    default:
      return "...";
  }
}

function kindOfFirst(defaultValue: unknown): unknown {
  const [first] = listIn(defaultValue);
  return first === undefined || first === null || Array.isArray(first) ? undefined : typeof first;
}

const listIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function schemaIn(value: unknown): Schema | undefined {
  return typeof value === "object" && value !== null ? Object.fromEntries(Object.entries(value)) : undefined;
}
