// Owns: choosing the form of a flow's parameters by what its option `params` holds.

import { FlowError } from "./flow-error.js";
import { isPlainObject } from "./literal.js";
import { kindOf } from "./node-ref.js";
import type { FlowParams } from "./params.js";
import { RecordParams } from "./record-params.js";
import { isSchema } from "./standard-schema.js";
import { WholeParams } from "./whole-params.js";

export function flowParams(flow: string, spec: unknown): FlowParams {
  if (isSchema(spec)) return new WholeParams(spec);
  if (typeof spec === "object" && spec !== null && isPlainObject(spec)) return new RecordParams(flow, spec);
  throw new FlowError(
    "INVALID_OPTION",
    `params of the flow "${flow}" are ${kindOf(spec)}: write a record of param() and schemas, or one schema`,
  );
}
