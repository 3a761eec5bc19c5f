// Owns: what a driver needs of the executor that made it, and how a test looks on.

import type { FlowScheduler } from "../scheduler/flow-scheduler.js";
import type { SchedulerEvent } from "../scheduler/events.js";
import type { Answer, Ask } from "../work/ask.js";
import type { FlowRunId, TaskRunId } from "../work/ids.js";
import type { Clock } from "./clock.js";
import type { Driver } from "./driver.js";
import type { Runner } from "./runner.js";

/** Whoever checks a scheduler from outside, after each event and before its effects are carried out. */
export type Watch = {
  /** Steps an event: a few, so that whatever can be interrupted is. */
  readonly stepsMax: number;
  readonly onEvent: (run: FlowRunId, scheduler: FlowScheduler, event: SchedulerEvent, nowMs: number) => void;
};

/** What a driver needs of the executor that made it. */
export interface DriverHost {
  readonly clock: Clock;
  readonly runner: Runner;
  /** Undefined: values have to be asked for. */
  readonly valueAt: ((run: FlowRunId, taskRun: TaskRunId, attempt: number) => unknown) | undefined;
  /** While a work of this executor waits for something, its slot is another's. */
  lend(work: string): void;
  giveBack(work: string): void;
  /** Works have ended, or something became ready: who shares the runner may hand out slots. */
  settled(driver: Driver): void;
  /** Before outcomes of this run are handled. */
  freeing(driver: Driver, count: number): void;
  /** Finished, and nothing is open. Gives what answers questions from now on; undefined: the runner goes on to. */
  ended(driver: Driver): ((ask: Ask) => Answer) | undefined;
  /** Its values are let go: nothing is asked any more. */
  left(driver: Driver): void;
  readonly watch: Watch | undefined;
  /** It cannot go on. */
  broke(driver: Driver): void;
}
