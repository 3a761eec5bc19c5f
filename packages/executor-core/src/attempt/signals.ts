// Owns: what a task may say instead of returning: skip, loop, fail (SIG-1). They throw, so that nothing is left in the
// task's result type.
// G1. A signal that a task's own `catch` swallowed is noticed at the attempt's end (SIG-2): see `run-attempt`.

import { MillraceError } from "../work/millrace-error.js";
import type { SignalData } from "../work/outcome.js";
import { noteSignal } from "./context.js";

const SIGNAL: unique symbol = Symbol.for("millrace/1/signal");

/** Thrown by `skip()` and `loop()`: no Error, so that `catch (e) { if (e instanceof Error) ... }` lets it pass. */
export class TaskSignal {
  readonly [SIGNAL]: SignalData;

  constructor(signal: SignalData) {
    this[SIGNAL] = signal;
  }

  toString(): string {
    return `the signal ${this[SIGNAL].kind}(): a task threw it for Millrace; do not catch it, or rethrow it (isSignal)`;
  }
}

/** What `fail(message)` throws: an error like any other, retried like any other (SIG-4). */
export class TaskFailed extends MillraceError {
  constructor(message: string) {
    super("TASK_FAILED", message);
  }
}

/** For a `catch` that must let signals pass: `if (isSignal(error)) throw error;` */
export function isSignal(error: unknown): boolean {
  return signalOf(error) !== undefined;
}

/** Signals of another copy of this package count too; whatever was thrown, looking at it is safe. */
export function signalOf(error: unknown): SignalData | undefined {
  try {
    if (typeof error !== "object" || error === null || !(SIGNAL in error)) return undefined;
    const signal: unknown = error[SIGNAL];
    return isSignalData(signal) ? signal : undefined;
  } catch {
    return undefined;
  }
}

function isSignalData(signal: unknown): signal is SignalData {
  if (typeof signal !== "object" || signal === null || !("kind" in signal)) return false;
  return signal.kind === "skip" || signal.kind === "loop";
}

function raise(signal: SignalData): never {
  const thrown = new TaskSignal(signal);
  noteSignal(thrown);
  throw thrown;
}

/** Ends the task as Skipped; by default its downstream tasks are skipped too. */
export function skip(reason = ""): never {
  return raise({ kind: "skip", reason });
}

/** Ends this iteration; the task starts again at once, and `context().loopValue()` gives `next` (LOOP-1). */
export function loop(next: unknown): never {
  return raise({ kind: "loop", next });
}

/** Ends the task as Failed, or lets it be retried. */
export function fail(message: string): never {
  throw new TaskFailed(message);
}
