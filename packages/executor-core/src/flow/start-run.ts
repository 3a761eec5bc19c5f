// Owns: starting a run of a built flow: values of the parameters, the executor, the link, the signal.
// Does not own: building and checking (`flow`), driving the run (the executor).

import { noteOpened, workInside } from "../attempt/around.js";
import { isTaskThread } from "../attempt/in-thread.js";
import { AsyncExecutor } from "../executors/async.js";
import type { Executor, RunLink } from "../run/executor.js";
import { realClock } from "../run/real-clock.js";
import { randomRunId } from "../run/random-run-id.js";
import type { Listeners } from "../run/run-reports.js";
import { flowRunId } from "../work/ids.js";
import type { Blueprint } from "./blueprint.js";
import { FlowError } from "./flow-error.js";
import { LiveRun } from "./flow-run.js";
import { kindOf } from "./node-ref.js";
import type { ParameterValues } from "./params.js";
import type { FlowRun, RunOptions } from "./run-types.js";

export function startRun<T>(
  blueprint: Blueprint,
  values: ParameterValues,
  flowExecutor: Executor | undefined,
  options: RunOptions,
): FlowRun<T> {
  checkOptions(options);
  const named = options.executor ?? flowExecutor;
  if (named !== undefined) checkExecutor(named, "the option executor");
  // The executor objects of a thread are others than those of the process: what is started there is driven there.
  const executor = named === undefined || isTaskThread() ? new AsyncExecutor() : named;
  const id = randomRunId();
  const names = { id, name: `${blueprint.flow}-${id.slice(0, 8)}` };
  const link = executor.open({
    id: flowRunId(id),
    flow: blueprint.flow,
    name: names.name,
    parameters: values,
    keepResults: options.keepResults ?? "all",
    checkValues: options.checkValues ?? process.env["MILLRACE_CHECK_VALUES"] === "1",
    origin: blueprint.origin,
    references: blueprint.references,
    returned: blueprint.returned,
    listeners: { logger: options.logger, onReport: options.onReport },
    inside: workInside(executor),
  });
  noteOpened(flowRunId(id), link.done);
  try {
    for (const { name, node } of blueprint.parameters) link.put(node, values[name]);
    const { graph } = blueprint;
    link.extend({ graph, first: 0, end: graph.size, last: true });
  } catch (error) {
    // Nobody would have the run in hand: it ends here, and its executor can close.
    link.abandon();
    throw error;
  }
  if (options.signal !== undefined) followSignal(link, options.signal);
  return new LiveRun<T>(names, blueprint, link, (then) => void realClock.wakeAt(realClock.now(), then));
}

const RUN_OPTIONS: ReadonlySet<string> = new Set<keyof RunOptions>([
  "executor",
  "signal",
  "keepResults",
  "checkValues",
  "logger",
  "onReport",
]);

function checkOptions(options: RunOptions): void {
  if (typeof options !== "object" || options === null) throw invalid("the options of a run", options, "give an object");
  for (const name of Object.keys(options)) {
    if (!RUN_OPTIONS.has(name))
      throw invalid(`the option ${name}`, undefined, `a run takes ${[...RUN_OPTIONS].join(", ")}`);
  }
  checkListeners(options);
  const { checkValues, keepResults, signal } = options;
  if (checkValues !== undefined && typeof checkValues !== "boolean")
    throw invalid("the option checkValues", checkValues, "write true or false");
  if (keepResults !== undefined && keepResults !== "all" && keepResults !== "returned")
    throw invalid("the option keepResults", keepResults, 'write "all" or "returned"');
  if (signal !== undefined && !(signal instanceof AbortSignal))
    throw invalid("the option signal", signal, "give an AbortSignal");
}

/** Of a run or a pool. Throws `INVALID_OPTION`. */
export function checkListeners({ logger, onReport }: Listeners): void {
  const isLogger = typeof logger === "object" && logger !== null && LEVELS.every((level) => isFunction(logger[level]));
  if (logger !== undefined && !isLogger)
    throw invalid("the option logger", logger, `give an object with the methods ${LEVELS.join(", ")}`);
  if (onReport !== undefined && !isFunction(onReport))
    throw invalid("the option onReport", onReport, "give a function that takes a report");
}

const LEVELS = ["debug", "info", "warn", "error"] as const;
const isFunction = (value: unknown): boolean => typeof value === "function";

function invalid(what: string, value: unknown, remedy: string): FlowError {
  return new FlowError("INVALID_OPTION", `${what} is ${value === undefined ? "unknown" : kindOf(value)}: ${remedy}`);
}

export function checkExecutor(executor: unknown, what: string): void {
  if (typeof executor === "object" && executor !== null && "open" in executor) return;
  throw new FlowError(
    "INVALID_OPTION",
    `${what} is ${kindOf(executor)}: give an executor object, as in new AsyncExecutor()`,
  );
}

/** Runs that follow a signal have one listener together, while there are any (Node warns from the eleventh on). */
class Followers {
  private readonly links = new Set<RunLink>();
  private readonly signal: AbortSignal;

  constructor(signal: AbortSignal) {
    this.signal = signal;
  }

  add(link: RunLink): void {
    if (this.links.size === 0) this.signal.addEventListener("abort", this.cancelAll);
    this.links.add(link);
    const leave = (): void => {
      if (this.links.delete(link) && this.links.size === 0) this.signal.removeEventListener("abort", this.cancelAll);
    };
    link.done.then(leave, leave);
  }

  private readonly cancelAll = (): void => {
    for (const link of this.links) link.cancel(reasonOf(this.signal.reason));
  };
}

const followers = new WeakMap<AbortSignal, Followers>();

function followSignal(link: RunLink, signal: AbortSignal): void {
  if (signal.aborted) {
    link.cancel(reasonOf(signal.reason));
    return;
  }
  const all = followers.get(signal) ?? new Followers(signal);
  followers.set(signal, all);
  all.add(link);
}

function reasonOf(reason: unknown): string {
  return reason instanceof Error ? reason.message : String(reason);
}
