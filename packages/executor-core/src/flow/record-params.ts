// Owns: parameters given as a record, each field a `param()` or a schema of its own.
// F1. All keys are known when the flow is built: each is a node, in the order of the record, also one that nobody reads.

import type { Build } from "./build.js";
import { FlowError } from "./flow-error.js";
import { NodeRef, kindOf } from "./node-ref.js";
import { ParamField } from "./param.js";
import { PARAM_BRAND } from "./brands.js";
import { twoCopies } from "./copies.js";
import {
  type FlowParams,
  InvalidParams,
  type ParameterInfo,
  type ParameterNode,
  type ParameterValues,
} from "./params.js";
import type { StandardSchemaV1 } from "./schema-types.js";
import { type Checked, type Issue, checkBySchema, isSchema, jsonSchemaOf } from "./standard-schema.js";

type Field = ParamField<boolean> | StandardSchemaV1;

export class RecordParams implements FlowParams {
  private readonly fields: ReadonlyMap<string, Field>;

  constructor(flow: string, record: Readonly<Record<string, unknown>>) {
    this.fields = new Map(Object.entries(record).map(([name, field]) => [name, readField(flow, name, field)]));
  }

  open(build: Build): { readonly given: unknown; readonly nodes: readonly ParameterNode[] } {
    const nodes = [...this.fields.keys()].map((name) => ({ name, node: build.addValue({ kind: "parameter", name }) }));
    const refs = nodes.map(({ name, node }) => [name, new NodeRef(build, node)] as const);
    return { given: Object.freeze(Object.fromEntries(refs)), nodes };
  }

  check(flow: string, input: unknown): ParameterValues {
    const record = input === undefined ? {} : input;
    if (!isRecord(record)) {
      throw new InvalidParams(flow, [{ message: `they are ${kindOf(record)} instead of an object`, path: [] }]);
    }
    const issues = this.unknownKeys(record);
    const values: [string, unknown][] = [];
    for (const [name, field] of this.fields) {
      const checked = checkField(name, field, record);
      if ("issues" in checked) issues.push(...checked.issues);
      else values.push([name, checked.value]);
    }
    if (issues.length > 0) throw new InvalidParams(flow, issues);
    return Object.fromEntries(values);
  }

  list(): readonly ParameterInfo[] {
    return [...this.fields].map(([name, field]) => {
      if (field instanceof ParamField) {
        return { name, required: field.required, defaultValue: field.defaultValue, schema: undefined };
      }
      const schema = jsonSchemaOf(field, "input");
      const required = "issues" in checkBySchema(field, undefined, [name]);
      return { name, required, defaultValue: schema?.["default"], schema };
    });
  }

  private unknownKeys(record: object): Issue[] {
    const unknown = Object.keys(record).filter((key) => !this.fields.has(key));
    const names = this.fields.size === 0 ? "this flow takes none" : `there are ${[...this.fields.keys()].join(", ")}`;
    return unknown.map((key) => ({ message: `there is no such parameter; ${names}`, path: [key] }));
  }
}

/** PARAM-1: required without a default; an explicit undefined asks for the default. */
function checkField(name: string, field: Field, record: Readonly<Record<string, unknown>>): Checked {
  const isGiven = Object.hasOwn(record, name);
  const value = isGiven ? record[name] : undefined;
  if (!(field instanceof ParamField)) return checkBySchema(field, value, [name]);
  if (isGiven && (value !== undefined || field.required)) return { value };
  if (field.required) return { issues: [{ message: "it is required and missing", path: [name] }] };
  return { value: field.defaultValue };
}

function readField(flow: string, name: string, field: unknown): Field {
  if (field instanceof ParamField || isSchema(field)) return field;
  if (typeof field === "object" && field !== null && PARAM_BRAND in field) throw twoCopies(`param() of "${name}"`);
  throw new FlowError(
    "INVALID_OPTION",
    `the parameter "${name}" of the flow "${flow}" is ${kindOf(field)}: write param<Type>(), param(default), or a schema`,
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
