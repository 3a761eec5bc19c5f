// Owns: asking a schema library through Standard Schema: a checked value or issues, and the known keys.
// Does not own: its types (`schema-types`), what a wrong parameter is called (`params`).

import { FlowError } from "./flow-error.js";
import type { StandardSchemaV1 } from "./schema-types.js";

/** What is wrong with an input, and where. */
export type Issue = { readonly message: string; readonly path: readonly PropertyKey[] };
export type Checked = { readonly value: unknown } | { readonly issues: readonly Issue[] };

/** The part of a JSON schema that is read here. */
export type JsonSchema = { readonly [key: string]: unknown };
/** `isOpen`: other keys are let through too. */
export type SchemaKeys = { readonly keys: readonly string[]; readonly isOpen: boolean };

export function isSchema(value: unknown): value is StandardSchemaV1 {
  const isHolder = (typeof value === "object" && value !== null) || typeof value === "function";
  return isHolder && "~standard" in value;
}

/** `path` is put before the path of each issue. */
export function checkBySchema(schema: StandardSchemaV1, value: unknown, path: readonly string[]): Checked {
  const result = schema["~standard"].validate(value);
  if (result instanceof Promise) {
    result.catch(() => undefined);
    throw new FlowError(
      "ASYNC_SCHEMA",
      `the schema${path.length > 0 ? ` of the parameter "${path.join(".")}"` : " of the parameters"} answers with a promise: parameters are checked at once, before anything runs. Check such things in a task`,
    );
  }
  if (!isObject(result))
    throw new FlowError("INVALID_SCHEMA", "a schema answered with no result: is it a Standard Schema?");
  const { issues } = result;
  if (!Array.isArray(issues)) return { value: result["value"] };
  return { issues: issues.map((issue: unknown) => readIssue(issue, path)) };
}

/** The keys of the object that a schema describes, where its library can tell (Standard JSON Schema). */
export function keysOf(schema: StandardSchemaV1): SchemaKeys | undefined {
  const json = jsonSchemaOf(schema, "output") ?? jsonSchemaOf(schema, "input");
  const properties = json?.["properties"];
  if (!isObject(properties)) return undefined;
  const more = json?.["additionalProperties"];
  return { keys: Object.keys(properties), isOpen: more !== undefined && more !== false };
}

/** Libraries throw for what JSON schema cannot say, such as a transform's output. */
export function jsonSchemaOf(schema: StandardSchemaV1, side: "input" | "output"): JsonSchema | undefined {
  const standard: object = schema["~standard"];
  const converter = "jsonSchema" in standard ? standard.jsonSchema : undefined;
  const convert = isObject(converter) ? converter[side] : undefined;
  if (typeof convert !== "function") return undefined;
  try {
    const json: unknown = convert({ target: "draft-2020-12" });
    return isObject(json) ? json : undefined;
  } catch {
    return undefined;
  }
}

function readIssue(issue: unknown, before: readonly string[]): Issue {
  if (!isObject(issue)) return { message: String(issue), path: before };
  const path = Array.isArray(issue["path"]) ? issue["path"].map(readSegment) : [];
  return { message: String(issue["message"]), path: [...before, ...path] };
}

function readSegment(segment: unknown): PropertyKey {
  const key = isObject(segment) ? segment["key"] : segment;
  return typeof key === "number" || typeof key === "symbol" ? key : String(key);
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
