// Owns: one work in a thread: its context, its arguments, its function, its end as it travels.
// A2. No promise is made for a work: each costs more than all else, because AsyncLocalStorage follows it.
// A1. Nothing that a task throws or returns escapes. What it left running and throws while it runs ends it too (U5).

import {
  AttemptContext,
  attempts,
  type CancelFlag,
  beginWith,
  endedWithError,
  endedWithValue,
  failureDataOf,
  isThenable,
  type OutcomeEnd,
  type Reporter,
  type RunValues,
  type Said,
  taskRunId,
  travelling,
  unreadable,
  type Work,
} from "@millrace/core/seam";
import { heldOf, valueOf } from "../held.js";
import type { BatchMessage, End, Tries } from "../wire.js";
import type { BatchArguments } from "./arguments.js";
import type { Current, Link } from "./link.js";
import type { Where } from "./speech.js";
import type { Known } from "./told.js";

/** Stands for an end that is told later. */
export const PENDING: unique symbol = Symbol("pending");

export class Attempt implements Current, CancelFlag, Reporter, Pick<RunValues, "set"> {
  readonly batch: number;
  readonly position: number;
  readonly context: AttemptContext;
  private readonly runNumber: number;
  private readonly args: BatchArguments;
  private readonly link: Link;
  private readonly later: (end: End) => void;
  private hasValue = false;
  private value: unknown = undefined;
  private isWaiting = false;

  /** `later` is told the end of one that has to be waited for. */
  constructor(
    { facts, template }: Known,
    message: BatchMessage,
    args: BatchArguments,
    position: number,
    link: Link,
    later: (end: End) => void,
  ) {
    this.batch = message.batch;
    this.position = position;
    this.args = args;
    this.link = link;
    this.later = later;
    this.context = new AttemptContext(facts, template, workAt(message, position), undefined, this, this);
    this.runNumber = message.run;
  }

  /** For a loop that never yields. */
  get isSet(): boolean {
    return this.link.current === this && this.link.isAsked(this.position);
  }

  report(_by: AttemptContext, said: Said): void {
    this.say(said);
  }

  say(said: Said): void {
    this.link.speech.say(this.where, said);
  }

  private get where(): Where {
    const { taskSlug: slug, taskName: task, mapIndex, runCount, ended } = this.context;
    return {
      run: this.runNumber,
      batch: this.batch,
      position: ended ? -1 : this.position,
      slug,
      task,
      mapIndex,
      runCount,
    };
  }

  run(): End | typeof PENDING {
    this.link.current = this;
    let returned: unknown;
    try {
      returned = beginWith(this.context, this.arguments());
    } catch (thrown) {
      return this.endWith(endedWithError(this.context, thrown));
    }
    if (!isThenable(returned)) return this.endWith(endedWithValue(this.context, this, returned));
    this.isWaiting = true;
    // Never a `then` of the user's own, which could call back at once.
    void Promise.prototype.then.call(
      Promise.resolve(returned),
      (value) => this.settleWith(value),
      (thrown: unknown) => this.settleWithError(thrown),
    );
    return PENDING;
  }

  /** It has failed from here on; what follows is no part of the call, which is made where the error arose. */
  fail(error: unknown): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    const end = this.endWith(endedWithError(this.context, error));
    attempts.exit(() => setImmediate(() => this.later(end)));
  }

  /** Takes what is to be stored: here it travels. */
  set(_taskRun: number, _attempt: number, value: unknown): void {
    this.hasValue = true;
    this.value = value;
  }

  /** The first to say so counts. */
  private settleWith(value: unknown): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.later(this.endWith(endedWithValue(this.context, this, value)));
  }

  private settleWithError(thrown: unknown): void {
    if (!this.isWaiting) return;
    this.isWaiting = false;
    this.later(this.endWith(endedWithError(this.context, thrown)));
  }

  private endWith(end: OutcomeEnd): End {
    if (this.link.speech.hasRest) this.link.speech.tellRest(this.where);
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
        return this.hasValue ? heldOf(this.value, "result") : undefined;
      case "failed":
        return { end: { ...end, failure: travelling(end.failure) } };
      case "signal": {
        const { signal } = end;
        if (signal.kind !== "loop") return { end };
        return { end: { end: "signal", signal: { kind: "loop", next: heldOf(signal.next, "loop value") } } };
      }
      case "timedOut":
      case "died":
      case "givenBack":
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
