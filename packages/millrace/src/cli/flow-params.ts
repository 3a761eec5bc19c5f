// Owns: a flow's parameters for the command line: what it takes, and what was given, checked.

import { type AnyFlow, type ParameterInfo, InvalidParams, describeFlow } from "@millrace/core";
import { type GivenParam, paramsFor } from "./given-params.js";
import { invalidParamsText } from "./param-help.js";

/** Builds the flow, and throws what is wrong with it. */
export const knownParams = (flow: AnyFlow): readonly ParameterInfo[] => describeFlow(flow).parameters;

/** Throws `INVALID_PARAMS`, with the way to write each parameter below its issue. */
export function checkedParams(flow: AnyFlow, given: readonly GivenParam[]): object {
  const known = knownParams(flow);
  try {
    return paramsFor(flow, known, given);
  } catch (error) {
    if (error instanceof InvalidParams) error.message = invalidParamsText(error, known, given);
    throw error;
  }
}
