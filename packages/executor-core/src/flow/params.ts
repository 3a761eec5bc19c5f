// Owns: what every form of a flow's parameters can do, and the error for a wrong input.
// Does not own: the two forms (`record-params`, `whole-params`).

import type { NodeId } from "../work/ids.js";
import { MillraceError } from "../work/millrace-error.js";
import type { Build } from "./build.js";
import type { Issue, JsonSchema } from "./standard-schema.js";

export type ParameterValues = Readonly<Record<string, unknown>>;
export type ParameterNode = { readonly name: string; readonly node: NodeId };

/** One parameter, for a command line and for help. */
export type ParameterInfo = {
  readonly name: string;
  readonly required: boolean;
  /** The default, where one is known. */
  readonly defaultValue: unknown;
  /** Of its input, where the schema's library gives one. */
  readonly schema: JsonSchema | undefined;
};

export interface FlowParams {
  /** What the flow's function is given; `nodes` grows where parameters come into being when they are read. */
  open(build: Build): { readonly given: unknown; readonly nodes: readonly ParameterNode[] };
  /** The values tasks get. Throws `INVALID_PARAMS`. */
  check(flow: string, input: unknown): ParameterValues;
  /** Known without building the flow; undefined where only reading the parameters tells. */
  list(): readonly ParameterInfo[] | undefined;
}

/** Before anything runs: parameters are missing, unknown or wrong. `issues` has all of them. */
export class InvalidParams extends MillraceError {
  readonly issues: readonly Issue[];

  constructor(flow: string, issues: readonly Issue[]) {
    const lines = issues.map(
      ({ path, message }) => `\n- ${path.length > 0 ? `${path.map(String).join(".")}: ` : ""}${message}`,
    );
    super("INVALID_PARAMS", `the flow "${flow}" cannot start with these parameters:${lines.join("")}`);
    this.issues = issues;
  }
}
