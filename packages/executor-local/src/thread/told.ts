// Owns: the runs and templates that the thread was told, and the functions of their tasks.
// T1. Each is told once; what a run was told goes when it has ended.

import { loadTask } from "@millrace/code";
import {
  DEFAULT_RERUN,
  flowRunId,
  InternalError,
  type RunFacts,
  type TaskFunction,
  templateId,
  type WorkTemplate,
} from "@millrace/core/seam";
import { valueOf } from "../held.js";
import { host } from "../host.js";
import type { BatchMessage, FactsMessage, TemplateMessage } from "../wire.js";

export type Known = { readonly facts: RunFacts; readonly template: WorkTemplate };
type Run = { readonly facts: RunFacts; readonly templates: Map<number, Promise<WorkTemplate> | WorkTemplate> };

export class Told {
  private readonly runs = new Map<number, Run>();

  /** The template with its task's function. Throws what loading the task throws. */
  of(message: BatchMessage): Known | Promise<Known> {
    for (const run of message.forget) this.runs.delete(run);
    const run = this.run(message);
    let template = run.templates.get(message.template);
    if (template === undefined) {
      const { made } = message;
      if (made === undefined) throw new InternalError("a thread was not told of a template");
      template = load(made).then((loaded) => {
        run.templates.set(message.template, loaded);
        return loaded;
      });
      run.templates.set(message.template, template);
    }
    const { facts } = run;
    return template instanceof Promise ? template.then((loaded) => ({ facts, template: loaded })) : { facts, template };
  }

  private run({ run, facts }: BatchMessage): Run {
    const known = this.runs.get(run);
    if (known !== undefined) return known;
    if (facts === undefined) throw new InternalError("a thread was not told of a run");
    const made: Run = { facts: factsOf(facts), templates: new Map() };
    this.runs.set(run, made);
    return made;
  }
}

async function load({ name, tags, slugPrefix, retry, place }: TemplateMessage): Promise<WorkTemplate> {
  const fn = await loadTask(place, host);
  if (!isTaskFunction(fn)) throw new InternalError(`the task "${name}" is no function`);
  const made = { name: place.key.name, origin: { trace: {}, bodies: [] } };
  // Arguments come with each batch; timeouts and reruns are the process's.
  return {
    id: templateId(0),
    name,
    tags,
    slugPrefix,
    args: [],
    retry,
    timeoutMs: undefined,
    rerun: DEFAULT_RERUN,
    fn,
    made,
  };
}

const isTaskFunction = (fn: unknown): fn is TaskFunction => typeof fn === "function";

function factsOf({ id, flow, name, parameters }: FactsMessage): RunFacts {
  return { id: flowRunId(id), flow, name, parameters: parametersOf(parameters) };
}

/** Each is read when a task asks for it, and once. */
function parametersOf(given: FactsMessage["parameters"]): Readonly<Record<string, unknown>> {
  const parameters = {};
  for (const [name, value] of given) {
    let read: { readonly value: unknown } | undefined;
    const get = (): unknown => {
      if (typeof value === "object" && value !== null && "refused" in value) throw new TypeError(value.refused);
      read ??= { value: valueOf(value, false) };
      return read.value;
    };
    Object.defineProperty(parameters, name, { get, enumerable: true });
  }
  return parameters;
}
