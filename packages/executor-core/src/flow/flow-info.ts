// Owns: a flow as plain data: its parameters and tasks, for a command line and for reports.
// Does not own: drawings (`as-graphlib`), problems (`check-flow`).

import { MillraceError } from "../work/millrace-error.js";
import type { Blueprint } from "./blueprint.js";
import { FLOW_BRAND } from "./brands.js";
import { twoCopies } from "./copies.js";
import { FlowCore } from "./flow.js";
import type { AnyFlow } from "./flow-types.js";
import type { ParameterInfo } from "./params.js";

export type TaskInfo = {
  readonly slug: string;
  readonly name: string;
  readonly tags: readonly string[];
  readonly mapped: boolean;
  /** Slugs of what it waits for, tasks and structure, each once. */
  readonly upstream: readonly string[];
};
export type FlowInfo = {
  readonly name: string;
  readonly tags: readonly string[];
  readonly parameters: readonly ParameterInfo[];
  readonly tasks: readonly TaskInfo[];
};

/** Builds the flow, and throws what is wrong with it. */
export function describeFlow(flow: AnyFlow): FlowInfo {
  const core = coreOf(flow);
  const blueprint = core.blueprint();
  const parameters = core.params.list() ?? readParameters(blueprint);
  return { name: core.name, tags: core.tags, parameters, tasks: tasksOf(blueprint) };
}

export function coreOf(flow: AnyFlow): FlowCore {
  const core: unknown = FLOW_BRAND in flow ? flow[FLOW_BRAND] : undefined;
  if (core instanceof FlowCore) return core;
  if (core !== undefined) throw twoCopies(`the flow "${flow.name}"`);
  throw new MillraceError("NOT_A_FLOW", "this is no flow: give what flow(...) returned");
}

/** A schema that does not tell its keys: those that the flow's function read. */
function readParameters({ parameters }: Blueprint): readonly ParameterInfo[] {
  return parameters.map(({ name }) => ({ name, required: false, defaultValue: undefined, schema: undefined }));
}

function tasksOf({ graph }: Blueprint): readonly TaskInfo[] {
  const tasks: TaskInfo[] = [];
  for (let node = 0; node < graph.size; node++) {
    const spec = graph.spec(node);
    if (spec.kind !== "task") continue;
    const upstream = new Set<string>();
    for (let edge = graph.inFirst(node); edge < graph.inEnd(node); edge++) upstream.add(graph.slug(graph.from(edge)));
    tasks.push({
      slug: graph.slug(node),
      name: spec.name,
      tags: spec.tags,
      mapped: spec.mapped,
      upstream: [...upstream],
    });
  }
  return tasks;
}
