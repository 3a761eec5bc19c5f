// Owns: the seam. A runner runs works and holds values; seven methods are the whole of what another executor implements, and
// one more may say what it knows.
// R1. A runner starts at once what it is given, and is never given more than its demand.
// R2. Each work gets at least one outcome, cancelled ones too, and counts against demand until then.
// R4. A work that cannot begin for want of an input comes back as `givenBack`, and so does a question as `missing`:
//     nothing waits inside a runner. Only a runner whose values can be lost (`remote`) may say so.
// R3. A runner that was told to cancel a work may answer anything; the value, if any, is released by name.

import type { RunnerReason } from "../states/explanation.js";
import type { Answer, Ask, ValueRange } from "../work/ask.js";
import type { FlowRunId, WorkId } from "../work/ids.js";
import type { MillraceError } from "../work/millrace-error.js";
import type { OutcomeBatch } from "../work/outcome.js";
import type { Needs } from "../work/policies.js";
import type { Report } from "../work/report.js";
import type { ValueMeta } from "../work/value-meta.js";
import type { WorkBatch } from "../work/work.js";

/** What tells executors apart. */
export type Capabilities = {
  /** Tasks that compute run at the same time. */
  readonly parallel: boolean;
  /** A task cannot reach another one's memory. */
  readonly isolated: boolean;
  /** A task that does not listen can be stopped. */
  readonly hardCancel: boolean;
  readonly remote: boolean;
};

export type CloseMode = "drain" | "cancel" | "kill";

export interface Runner {
  readonly capabilities: Capabilities;
  start(host: RunnerHost): Promise<void>;
  /** A value from outside, of attempt 0. */
  put(run: FlowRunId, taskRun: number, value: unknown): ValueMeta;
  dispatch(batches: readonly WorkBatch[]): void;
  ask(asks: readonly Ask[]): void;
  cancel(ids: readonly WorkId[], reason: string): void;
  release(run: FlowRunId, values: readonly ValueRange[]): void;
  close(mode: CloseMode): Promise<void>;
  /**
   * Why this work, which it was given, has not ended; without a work: why it takes no other one with these needs. Undefined: it
   * knows no more than that.
   */
  explain?(work: WorkId | undefined, needs: Needs | undefined): RunnerReason | undefined;
}

export interface RunnerHost {
  /** How many works may be unanswered at a time; may shrink. */
  demand(limit: number): void;
  /** `nowMs`: what a runner in the run's own process has just read of its clock. */
  outcomes(batches: readonly OutcomeBatch[], nowMs?: number): void;
  answers(answers: readonly Answer[]): void;
  /** A hint that these are gone: it may be dropped. */
  valuesLost(run: FlowRunId, values: readonly ValueRange[]): void;
  reports(reports: readonly Report[]): void;
  failed(error: MillraceError): void;
}
