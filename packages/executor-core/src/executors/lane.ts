// Owns: one line of attempts, one after the other, in the user's process.
// L1. A lane that reports an outcome takes the next work in the same turn: an await that is not needed is not made.
// L2. It never holds the event loop for more than about 10 ms of short tasks: then it waits for one turn (RUN-11).

import { AttemptContext, type Reporter } from "../attempt/context.js";
import { begin, endedWithError, endedWithValue, isThenable } from "../attempt/run-attempt.js";
import type { RunValues } from "../values/value-store.js";
import { endedLate, inTime, type SoftClock } from "./soft-timeout.js";
import { SingleOutcome } from "../work/outcome.js";
import type { WorkBatch } from "../work/work.js";

/** What a lane needs of the runner. */
export interface LaneHost extends SoftClock, Reporter {
  readonly executor: object | undefined;
  /** The next work, as a batch of one, or undefined: the lane ends. */
  take(): WorkBatch | undefined;
  valuesOf(batch: WorkBatch): RunValues;
  /** Undefined: go on. */
  breath(nowMs: number): Promise<void> | undefined;
  outcome(outcome: SingleOutcome, nowMs: number): void;
}

export class Lane {
  current: AttemptContext | undefined;
  /** Its outcome was given for it: what it still brings is not reported. */
  abandoned = false;
  private readonly host: LaneHost;

  constructor(host: LaneHost) {
    this.host = host;
  }

  async run(): Promise<void> {
    const { host } = this;
    let nowMs = host.now();
    for (let batch = host.take(); batch !== undefined; batch = host.take()) {
      const work = batch.at(0);
      const context = new AttemptContext(batch.run, batch.template, work, host.executor, host);
      const values = host.valuesOf(batch);
      const startedAtMs = nowMs;
      this.current = context;
      let result: SingleOutcome["result"];
      try {
        const returned = begin(context, values);
        const value = isThenable(returned) ? await inTime(context, returned, host) : returned;
        result = endedLate(context, host, startedAtMs) ?? endedWithValue(context, values, value);
      } catch (thrown) {
        result = endedLate(context, host, startedAtMs, thrown) ?? endedWithError(context, thrown);
      }
      if (this.abandoned) return;
      this.current = undefined;
      context.ended = true;
      nowMs = host.now();
      const { taskRun, attempt } = work;
      host.outcome(new SingleOutcome(batch.run.id, taskRun, attempt, startedAtMs, nowMs - startedAtMs, result), nowMs);
      const breath = host.breath(nowMs);
      if (breath === undefined) continue;
      await breath;
      nowMs = host.now();
    }
  }
}
