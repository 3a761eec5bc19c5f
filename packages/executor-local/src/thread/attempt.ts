// Owns: one work in a thread: its context, its arguments, its function, its end as it travels.
// A1. Nothing that a task throws or returns escapes. What it left running and throws while it runs ends it too (U5).

import {
  AttemptContext,
  type CancelFlag,
  beginWith,
  endedWithError,
  endedWithValue,
  failureDataOf,
  isThenable,
  type OutcomeEnd,
  type RunValues,
  taskRunId,
  travelling,
  unreadable,
  type Work,
} from "@millrace/core/seam";
import { heldOf, valueOf } from "../held.js";
import type { BatchMessage, End, Tries } from "../wire.js";
import type { BatchArguments } from "./arguments.js";
import type { Current, Link } from "./link.js";
import type { Known } from "./told.js";

export class Attempt implements Current, CancelFlag {
  readonly batch: number;
  readonly position: number;
  readonly context: AttemptContext;
  private readonly args: BatchArguments;
  private readonly link: Link;
  private readonly result = new Result();
  private settle: ((end: End) => void) | undefined;

  constructor({ facts, template }: Known, message: BatchMessage, args: BatchArguments, position: number, link: Link) {
    this.batch = message.batch;
    this.position = position;
    this.args = args;
    this.link = link;
    this.context = new AttemptContext(facts, template, workAt(message, position), undefined, this);
  }

  /** For a loop that never yields. */
  get isSet(): boolean {
    return this.link.current === this && this.link.isAsked(this.position);
  }

  run(): End | Promise<End> {
    this.link.current = this;
    let returned: unknown;
    try {
      returned = beginWith(this.context, this.arguments());
    } catch (thrown) {
      return this.endWith(endedWithError(this.context, thrown));
    }
    return isThenable(returned)
      ? this.wait(returned)
      : this.endWith(endedWithValue(this.context, this.result, returned));
  }

  fail(error: unknown): void {
    this.settleWith(() => endedWithError(this.context, error));
  }

  /** By hand: a race would cost three more promises, each of which AsyncLocalStorage makes dear. */
  private wait(returned: PromiseLike<unknown>): Promise<End> {
    return new Promise((resolve) => {
      this.settle = resolve;
      returned.then(
        (value) => this.settleWith(() => endedWithValue(this.context, this.result, value)),
        (thrown: unknown) => this.settleWith(() => endedWithError(this.context, thrown)),
      );
    });
  }

  /** The first to say so counts. */
  private settleWith(end: () => OutcomeEnd): void {
    const { settle } = this;
    this.settle = undefined;
    if (settle !== undefined) settle(this.endWith(end()));
  }

  private endWith(end: OutcomeEnd): End {
    this.context.ended = true;
    this.link.current = undefined;
    try {
      return this.travellingEnd(end);
    } catch (error) {
      // What cannot travel fails its task, and no retry can help.
      return { end: { end: "failed", failure: travelling(failureDataOf(error)), retry: "no" } };
    }
  }

  private travellingEnd(end: OutcomeEnd): End {
    switch (end.end) {
      case "value":
        // Of a cancelled attempt nothing was kept, and nobody wants it.
        return this.result.isSet ? heldOf(this.result.value, "result") : undefined;
      case "failed":
        return { end: { ...end, failure: travelling(end.failure) } };
      case "signal": {
        const { signal } = end;
        if (signal.kind !== "loop") return { end };
        return { end: { end: "signal", signal: { kind: "loop", next: heldOf(signal.next, "loop value") } } };
      }
      case "timedOut":
      case "died":
        return { end };
      default:
        return end satisfies never;
    }
  }

  private arguments(): readonly unknown[] {
    try {
      return this.args.at(this.position, this.context.work.index);
    } catch (error) {
      throw unreadable(error);
    }
  }
}

/** Takes what the attempt would store. */
class Result implements Pick<RunValues, "set"> {
  isSet = false;
  value: unknown = undefined;

  set(_taskRun: number, _attempt: number, value: unknown): void {
    this.isSet = true;
    this.value = value;
  }
}

const FIRST: Tries = [1, 1, undefined];

function workAt({ index, slugs, tries }: BatchMessage, position: number): Work {
  const [runCount, loopCount, loopValue] = tries?.get(position) ?? FIRST;
  return {
    taskRun: taskRunId(0),
    attempt: 1,
    index: typeof index === "number" ? (index < 0 ? index : index + position) : (index[position] ?? -1),
    runCount,
    loopCount,
    loopValue: valueOf(loopValue, false),
    slug: typeof slugs === "object" ? (slugs[position] ?? "") : slugs,
    slots: undefined,
    inputAttempts: undefined,
  };
}
