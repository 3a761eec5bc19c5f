// Owns: `task`, and the handle it gives: a function with `fn`, `map` and `with`.
// Does not own: its types (`task-types`), what a call makes (`task-call`).

import { HANDLE_BRAND } from "./brands.js";
import { twoCopies } from "./copies.js";
import { FlowError } from "./flow-error.js";
import { moduleLoads } from "./module-loads.js";
import { kindOf } from "./node-ref.js";
import { captureOrigin } from "./origin.js";
import type { Fn } from "./ref-types.js";
import { callTask, mapTask, TaskSite } from "./task-call.js";
import { TaskDefinition } from "./task-definition.js";
import { readTaskOptions, text } from "./task-options.js";
import type { CallOptions, TaskOf, TaskOptions } from "./task-types.js";
import type { TaskMade } from "../work/task-origin.js";
import type { TaskFunction } from "../work/work.js";

const SITE = Symbol("the call that a handle makes");

/** Makes a task of a function. The name is its key in states, slugs and messages. */
export function task<F extends Fn>(name: string, fn: F): TaskOf<F>;
export function task<F extends Fn, const N extends number = never>(
  name: string,
  options: TaskOptions<N>,
  fn: F,
): TaskOf<F, N>;
export function task(name: string, first: object, second?: Fn): unknown {
  const [options, fn] = second === undefined ? [{}, first] : [first, second];
  const facts = readTaskOptions(text(name, "the name of a task"), options);
  if (!isTaskFunction(fn)) throw notAFunction(name, fn);
  const origin = captureOrigin(task);
  moduleLoads.current.getStore()?.tasks.push({ name: facts.name, fn, origin });
  const made = { name: facts.name, origin };
  return makeHandle(new TaskSite(new TaskDefinition(facts, fn, made), undefined, []), fn);
}

/** What a handle, of this or another copy of Millrace, was made as; undefined: it is no task. */
export function taskMade(handle: unknown): TaskMade | undefined {
  if (typeof handle !== "function" || !(HANDLE_BRAND in handle)) return undefined;
  const definition: unknown = handle[HANDLE_BRAND];
  return isDefinition(definition) ? definition.made : undefined;
}

const isDefinition = (value: unknown): value is Pick<TaskDefinition, "made"> =>
  typeof value === "object" && value !== null && "made" in value;

/** What a handle says of one call. Throws `NOT_A_TASK`; `what` names the call. */
export function siteOf(handle: unknown, what: string): TaskSite {
  const site = typeof handle === "function" && SITE in handle ? handle[SITE] : undefined;
  if (site instanceof TaskSite) return site;
  if (typeof handle === "function" && HANDLE_BRAND in handle) throw twoCopies(`a task given to ${what}`);
  const why = "give a task, as task(name, fn) makes one";
  throw new FlowError("NOT_A_TASK", `${what} was given ${kindOf(handle)}: ${why}`);
}

function makeHandle(site: TaskSite, fn: TaskFunction): unknown {
  const handle = (...args: readonly unknown[]): unknown => callTask(site, args);
  return Object.defineProperties(handle, {
    name: { value: site.definition.facts.name },
    fn: { value: fn },
    map: { value: (...args: readonly unknown[]): unknown => mapTask(site, args) },
    with: { value: (options: CallOptions): unknown => makeHandle(siteUnder(site, options), fn) },
    [HANDLE_BRAND]: { value: site.definition },
    [SITE]: { value: site },
  });
}

function siteUnder(site: TaskSite, options: CallOptions): TaskSite {
  const definition = site.definition.under(options);
  const { slug = site.slug, upstream = site.upstream } = options;
  if (Array.isArray(upstream)) return new TaskSite(definition, slug, upstream);
  const of = `upstream of "${definition.facts.name}"`;
  throw new FlowError("INVALID_OPTION", `${of} is ${kindOf(upstream)}: write a list of refs, as in [ref]`);
}

function isTaskFunction(fn: unknown): fn is TaskFunction {
  if (typeof fn !== "function" || HANDLE_BRAND in fn) return false;
  return !/^(?:class\b|(?:async\s+)?function\s*\*|\*|async\s*\*)/.test(Function.prototype.toString.call(fn));
}

function notAFunction(name: string, fn: unknown): FlowError {
  const what = typeof fn === "function" ? `${kindOf(fn)}, a task, a class or a generator` : kindOf(fn);
  return new FlowError(
    "NOT_A_FUNCTION",
    `the task "${name}" was given ${what} instead of a function that returns one value or a promise: task(name, options?, fn)`,
  );
}
