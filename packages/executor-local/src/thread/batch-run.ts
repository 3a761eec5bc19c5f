// Owns: running the works of a batch one after the other, and telling of their ends.
// Does not own: one work (`attempt`), what it receives (`arguments`).
// B1. An outcome waits for others at most about two milliseconds, and for nothing where it must not be lost (`careful`).
// B2. A work whose function gives no promise is not awaited.
// B3. Works run one after the other in one call until one has to be waited for: its end calls again.

import { failureDataOf, realClock, travelling } from "@millrace/core/seam";
import { movedEnds } from "../transfers.js";
import { type BatchMessage, CELL, type End, type OutcomesMessage } from "../wire.js";
import { BatchArguments } from "./arguments.js";
import { Attempt, PENDING } from "./attempt.js";
import type { Link } from "./link.js";
import type { Known, Told } from "./told.js";

/** An outcome may wait so long for others. */
const POST_MS = 2;
const TAKEN: End = Object.freeze({ end: "taken" });

export class BatchRun {
  private readonly message: BatchMessage;
  private readonly args: BatchArguments;
  private readonly link: Link;
  private readonly told: Told;
  private position = 0;
  private toldAtMs = 0;
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
    const { link } = this;
    // Claimed before any code of the user's is loaded: what kills the thread there has somebody to blame.
    const isMine = link.claim(0);
    const known = await this.load();
    link.note(0, CELL.loaded);
    this.startNow();
    this.toldAtMs = this.nowMs;
    await new Promise<void>((through, broke) => {
      const later = (end: End): void => {
        try {
          this.ended(end);
          this.goOn(begin, through);
        } catch (error) {
          broke(error);
        }
      };
      const begin = (position: number): End | typeof PENDING => this.begin(known, position, later);
      if (!isMine) this.ended(TAKEN);
      this.goOn(begin, through, isMine);
    });
    // Piscina moves nothing of a result.
    if (movedEnds(this.ends).length > 0) this.tellEarly();
    return this.take();
  }

  /** B3. */
  private goOn(begin: (position: number) => End | typeof PENDING, through: () => void, isClaimed = false): void {
    for (let isMine = isClaimed; this.position < this.message.count; isMine = false) {
      const end = isMine || this.link.claim(this.position) ? begin(this.position) : TAKEN;
      if (end === PENDING) return;
      this.ended(end);
    }
    through();
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

  private begin(known: Known | End, position: number, later: (end: End) => void): End | typeof PENDING {
    this.link.began(position, this.nowMs);
    if (!isKnown(known)) return known;
    return new Attempt(known, this.message, this.args, position, this.link, later).run();
  }

  private ended(end: End): void {
    const position = this.position++;
    if (end !== TAKEN) this.link.note(position, CELL.ended);
    this.ends.push(end);
    const startedAtMs = this.nowMs;
    this.nowMs = realClock.now();
    this.durationsMs.push(this.nowMs - startedAtMs);
    const isLast = position + 1 === this.message.count;
    if (isLast || !(this.message.careful || this.nowMs - this.toldAtMs >= POST_MS)) return;
    this.tellEarly();
    this.toldAtMs = this.nowMs;
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
