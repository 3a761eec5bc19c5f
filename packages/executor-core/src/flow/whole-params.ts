// Owns: parameters described by one schema for all of them; what the flow's function is given is then a proxy.
// W1. A parameter becomes a node when it is first read. Keys are checked where the schema's library tells them.
// W2. The proxy as a whole is a record of all known keys, and an error where they are not known.

import type { Build } from "./build.js";
import { FlowError } from "./flow-error.js";
import { NodeRef, kindOf } from "./node-ref.js";
import {
  type FlowParams,
  InvalidParams,
  type ParameterInfo,
  type ParameterNode,
  type ParameterValues,
} from "./params.js";
import type { StandardSchemaV1 } from "./schema-types.js";
import { type SchemaKeys, checkBySchema, jsonSchemaOf, keysOf } from "./standard-schema.js";

export class WholeParams implements FlowParams {
  private readonly schema: StandardSchemaV1;
  private readonly known: SchemaKeys | undefined;

  constructor(schema: StandardSchemaV1) {
    this.schema = schema;
    this.known = keysOf(schema);
  }

  open(build: Build): { readonly given: unknown; readonly nodes: readonly ParameterNode[] } {
    const nodes: ParameterNode[] = [];
    const refs = new Map<string, NodeRef>();
    const read = (name: string): NodeRef => {
      const known = refs.get(name);
      if (known !== undefined) return known;
      this.refuseUnknown(build.flow, name);
      const node = build.addValue({ kind: "parameter", name });
      const ref = new NodeRef(build, node);
      nodes.push({ name, node });
      refs.set(name, ref);
      return ref;
    };
    return { given: new Proxy({}, this.handler(build.flow, read)), nodes };
  }

  check(flow: string, input: unknown): ParameterValues {
    this.refuseUnknownKeys(flow, input);
    const checked = checkBySchema(this.schema, input === undefined ? {} : input, []);
    if ("issues" in checked) throw new InvalidParams(flow, checked.issues);
    const { value } = checked;
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
    throw new FlowError(
      "INVALID_SCHEMA",
      `the schema of the flow "${flow}" gives ${kindOf(value)} instead of an object`,
    );
  }

  list(): readonly ParameterInfo[] | undefined {
    const properties = jsonSchemaOf(this.schema, "input");
    const required = properties?.["required"];
    const fields = properties?.["properties"];
    if (typeof fields !== "object" || fields === null) return undefined;
    return Object.entries(fields).map(([name, schema]: [string, unknown]) => {
      const field = typeof schema === "object" && schema !== null ? { ...schema } : {};
      const defaultValue: unknown = "default" in field ? field.default : undefined;
      return { name, required: Array.isArray(required) && required.includes(name), defaultValue, schema: field };
    });
  }

  private handler(flow: string, read: (name: string) => NodeRef): ProxyHandler<object> {
    const keys = (): string[] => this.keys(flow);
    return {
      get: (_target, key) => (typeof key === "symbol" ? undefined : read(key)),
      has: (_target, key) => typeof key === "string" && (this.known === undefined || this.known.keys.includes(key)),
      ownKeys: keys,
      getOwnPropertyDescriptor: (_target, key) =>
        typeof key === "string" ? { value: read(key), enumerable: true, configurable: true } : undefined,
      set: () => false,
    };
  }

  private keys(flow: string): string[] {
    if (this.known !== undefined) return [...this.known.keys];
    throw new FlowError(
      "UNKNOWN_KEYS",
      `the parameters of the flow "${flow}" were used as one value, but their schema does not tell its keys: name them, as in { a: p.a }, or give params as a record of schemas`,
    );
  }

  /** Many schemas drop what they do not know, and a misspelt parameter with it. */
  private refuseUnknownKeys(flow: string, input: unknown): void {
    if (this.known === undefined || this.known.isOpen || typeof input !== "object" || input === null) return;
    const { keys } = this.known;
    const unknown = Object.keys(input).filter((key) => !keys.includes(key));
    if (unknown.length === 0) return;
    const message = `there is no such parameter: there are ${keys.join(", ")}`;
    throw new InvalidParams(
      flow,
      unknown.map((key) => ({ message, path: [key] })),
    );
  }

  private refuseUnknown(flow: string, name: string): void {
    if (this.known === undefined || this.known.isOpen || this.known.keys.includes(name)) return;
    const names = this.known.keys.join(", ");
    throw new FlowError("UNKNOWN_PARAM", `the flow "${flow}" has no parameter "${name}": its schema has ${names}`);
  }
}
