// Owns: running the works of a batch one after the other, and telling of their ends.
// Does not own: one work (`attempt`), what it receives (`arguments`).
// B1. An outcome waits for others at most about a millisecond, and for nothing where it must not be lost (`careful`).
// B2. A work whose function gives no promise is not awaited.

import { failureDataOf, realClock, travelling } from "@millrace/core/seam";
import { movedEnds } from "../transfers.js";
import { type BatchMessage, CELL, type End, type OutcomesMessage } from "../wire.js";
import { BatchArguments } from "./arguments.js";
import { Attempt } from "./attempt.js";
import type { Link } from "./link.js";
import type { Known, Told } from "./told.js";

/** An outcome may wait so long for others. */
const POST_MS = 1;
const TAKEN: End = Object.freeze({ end: "taken" });

export class BatchRun {
  private readonly message: BatchMessage;
  private readonly args: BatchArguments;
  private readonly link: Link;
  private readonly told: Told;
  private from = 0;
  private startedAtMs = 0;
  private nowMs = 0;
  private ends: End[] = [];
  private durationsMs: number[] = [];

  constructor(message: BatchMessage, link: Link, told: Told) {
    this.message = message;
    this.args = new BatchArguments(message);
    this.link = link;
    this.told = told;
  }

  /** The outcomes that were not told before. */
  async run(): Promise<OutcomesMessage> {
    const { link, message } = this;
    // Claimed before any code of the user's is loaded: what kills the thread there has somebody to blame.
    let isMine = link.claim(0);
    const known = await this.load();
    link.note(0, CELL.loaded);
    this.startNow();
    let postedAtMs = this.nowMs;
    for (let position = 0; position < message.count; position++) {
      if (position > 0) isMine = link.claim(position);
      const end = isMine ? this.begin(known, position) : TAKEN;
      this.ended(position, end instanceof Promise ? await end : end);
      const isLast = position + 1 === message.count;
      if (isLast || !(message.careful || this.nowMs - postedAtMs >= POST_MS)) continue;
      this.tellEarly();
      postedAtMs = this.nowMs;
    }
    // Piscina moves nothing of a result.
    if (movedEnds(this.ends).length > 0) this.tellEarly();
    return this.take();
  }

  /** The template, or what all works end with where it cannot be had. */
  private async load(): Promise<Known | End> {
    try {
      const found = this.told.of(this.message);
      return found instanceof Promise ? await found : found;
    } catch (error) {
      return { end: { end: "failed", failure: travelling(failureDataOf(error)), retry: "no" } };
    }
  }

  private begin(known: Known | End, position: number): End | Promise<End> {
    this.link.began(position, this.nowMs);
    return isKnown(known) ? new Attempt(known, this.message, this.args, position, this.link).run() : known;
  }

  private ended(position: number, end: End): void {
    if (end !== TAKEN) this.link.note(position, CELL.ended);
    this.ends.push(end);
    const startedAtMs = this.nowMs;
    this.nowMs = realClock.now();
    this.durationsMs.push(this.nowMs - startedAtMs);
  }

  private startNow(): void {
    this.nowMs = realClock.now();
    this.startedAtMs = this.nowMs;
  }

  private tellEarly(): void {
    const early = this.take();
    this.link.tell(early, movedEnds(early.ends));
  }

  private take(): OutcomesMessage {
    const { from, startedAtMs, durationsMs, ends } = this;
    this.from += ends.length;
    this.startedAtMs = this.nowMs;
    this.ends = [];
    this.durationsMs = [];
    return {
      kind: "outcomes",
      batch: this.message.batch,
      from,
      startedAtMs,
      durationsMs: new Float32Array(durationsMs),
      ends: areNumbers(ends) ? new Float64Array(ends) : ends,
    };
  }
}

const areNumbers = (ends: readonly End[]): ends is readonly number[] => ends.every((end) => typeof end === "number");

const isKnown = (known: Known | End): known is Known => typeof known === "object" && known !== null && "facts" in known;
