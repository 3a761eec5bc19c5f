// Owns: running user code once: arguments, context, the function, and how it ended.
// R1. Nothing that a task throws or returns escapes (PIPE-2, U1).
// R2. A function that gives no promise is not waited for: no turn of the loop is spent on it.

import { failureDataOf } from "../values/error-data.js";
import type { RunValues, ValuesToRead } from "../values/value-store.js";
import { MillraceError } from "../work/millrace-error.js";
import type { OutcomeEnd } from "../work/outcome.js";
import { metaOf, PLAIN_FALSE, PLAIN_TRUE } from "../work/value-meta.js";
import type { Retry, RetryPolicy } from "../work/policies.js";
import { bindArguments } from "./arguments.js";
import { endedChecked, travelledArguments } from "./checked-values.js";
import { type AttemptContext, attempts } from "./context.js";
import { signalOf } from "./signals.js";

export class SignalSwallowed extends MillraceError {
  constructor(task: string) {
    super(
      "SIGNAL_SWALLOWED",
      `a catch in "${task}" swallowed a signal (skip or loop), so its end would be a lie: let signals pass with if (isSignal(error)) throw error`,
    );
  }
}

/** What the function returned, not yet waited for. Throws what it throws; an input that cannot be read is wrapped. */
export function begin(context: AttemptContext, values: ValuesToRead): unknown {
  const { template, work } = context;
  if (template.args.length === 0) return attempts.run(context, template.fn);
  let args: readonly unknown[];
  try {
    args = context.run.checkValues === true ? checkedArguments(context, values) : bindArguments(template, work, values);
  } catch (error) {
    throw unreadable(error);
  }
  return beginWith(context, args);
}

/** The same with arguments that are at hand. */
export const beginWith = (context: AttemptContext, args: readonly unknown[]): unknown =>
  attempts.run(context, context.template.fn, ...args);

const checkedArguments = ({ template, work }: AttemptContext, values: ValuesToRead): readonly unknown[] =>
  travelledArguments(bindArguments(template, work, values, true));

/** An input could not be read: no retry can help. Told by identity: whatever else is thrown may refuse to be looked at. */
type InputError = { readonly reason: unknown };
const inputErrors = new WeakSet<object>();

/** What is to be thrown instead of what reading an argument threw. */
export function unreadable(reason: unknown): object {
  const thrown: InputError = { reason };
  inputErrors.add(thrown);
  return thrown;
}
const isInputError = (thrown: unknown): thrown is InputError =>
  typeof thrown === "object" && thrown !== null && inputErrors.has(thrown);

export function isThenable(value: unknown): value is PromiseLike<unknown> {
  if (value instanceof Promise) return true;
  if (typeof value === "object" ? value === null : typeof value !== "function") return false;
  return typeof Reflect.get(Object(value), "then") === "function";
}

/** Shared, so that a value that is no list costs no object. */
const ENDED_TRUE: OutcomeEnd = Object.freeze({ end: "value", value: PLAIN_TRUE });
const ENDED_FALSE: OutcomeEnd = Object.freeze({ end: "value", value: PLAIN_FALSE });

/** The function returned. */
export function endedWithValue(context: AttemptContext, values: Pick<RunValues, "set">, value: unknown): OutcomeEnd {
  if (context.raised !== undefined)
    return { end: "failed", failure: failureDataOf(new SignalSwallowed(context.template.name)), retry: "no" };
  if (context.run.checkValues === true)
    return endedChecked(value, "result", (copy) => endedWithGoodValue(context, values, copy));
  return endedWithGoodValue(context, values, value);
}

function endedWithGoodValue(context: AttemptContext, values: Pick<RunValues, "set">, value: unknown): OutcomeEnd {
  if (!context.cancelled) values.set(context.work.taskRun, context.work.attempt, value);
  const meta = metaOf(value);
  if (meta === PLAIN_TRUE) return ENDED_TRUE;
  return meta === PLAIN_FALSE ? ENDED_FALSE : { end: "value", value: meta };
}

/** The function threw. */
export function endedWithError(context: AttemptContext, thrown: unknown): OutcomeEnd {
  if (isInputError(thrown)) return { end: "failed", failure: failureDataOf(thrown.reason), retry: "no" };
  const signal = signalOf(thrown);
  if (signal?.kind === "loop" && context.run.checkValues === true)
    return endedChecked(signal.next, "loop value", (next) => ({ end: "signal", signal: { kind: "loop", next } }));
  if (signal !== undefined) return { end: "signal", signal };
  const retry = retryAfter(context.template.retry, context.work.runCount);
  return { end: "failed", failure: failureDataOf(thrown), retry };
}

/** RETRY-1: n retries allow n + 1 tries. */
function retryAfter(policy: RetryPolicy, runCount: number): Retry {
  return runCount <= policy.retries ? { delayMs: policy.delayMs } : "no";
}
