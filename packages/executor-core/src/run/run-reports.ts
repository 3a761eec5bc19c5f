// Owns: what becomes of what the tasks of one run say: records to its logger, output to the process's own, progress kept.
// Does not own: making reports (`task-logger`, runners).
// P1. A hook of the user's that throws disturbs nothing: it is told once as a warning.
// P2. Output that is not taken fast enough is left out, and how much is told: memory does not grow by it.

import type { Logger, Report, Said, Speaker } from "../work/report.js";
import { stderrLogger } from "./text-logger.js";

/** What every record and every report carries. `run`: the run's id; `atMs`: since the epoch. */
export type ReportFields = Omit<Speaker, "taskRun"> & {
  readonly flow: string;
  readonly run: string;
  readonly runName: string;
  readonly atMs: number;
};
export type TaskReport = ReportFields & Said;
/** What a run's tasks say goes here. */
export type Listeners = {
  readonly logger?: Logger | undefined;
  readonly onReport?: ((report: TaskReport) => void) | undefined;
  /** The run is somebody's elsewhere: reports go there as they are, and nothing is done with them here. */
  readonly relay?: ((report: Report) => void) | undefined;
};
/** How far a task is that runs, as it said last. */
export type TaskProgress = {
  readonly slug: string;
  readonly mapIndex: number | undefined;
  readonly thread: number | undefined;
  readonly done: number;
  readonly total: number;
};

type Output = Said & { readonly kind: "output" };

/** What a task that was left behind says when its run is over: it goes where it would without a run. */
export function tellLate({ by: { slug, mapIndex }, said, atMs }: Report): void {
  if (said.kind === "output") process[said.stream].write(printed(said));
  if (said.kind !== "log") return;
  const own = said.data === undefined ? undefined : { data: said.data };
  stderrLogger[said.level](said.message, { slug, mapIndex, atMs, ...own });
}

const printed = ({ text, bytes }: Output): string | Uint8Array => (bytes === undefined ? text : Buffer.from(bytes));

const OUTPUT_MAX = 1024 * 1024;
/** Beyond it what is no longer asked for is looked for, and again at twice what is left. */
const PROGRESS_MAX = 1024;
/** Of one attempt. */
type Kept = { readonly attempt: number; readonly progress: TaskProgress };
/** Whether the attempt is the one that its task run has open. */
type IsOpen = (taskRun: number, attempt: number) => boolean;

export class RunReports {
  private readonly names: { readonly flow: string; readonly run: string; readonly runName: string };
  private readonly logger: Logger;
  private readonly onReport: ((report: TaskReport) => void) | undefined;
  private readonly relay: ((report: Report) => void) | undefined;
  private readonly isOpen: IsOpen;
  private readonly kept = new Map<number, Kept>();
  private keptMax = PROGRESS_MAX;
  private leftOut = 0;
  private hasWarned = false;

  constructor(
    request: { readonly flow: string; readonly id: string; readonly name: string },
    listeners: Listeners,
    isOpen: IsOpen,
  ) {
    this.isOpen = isOpen;
    this.names = { flow: request.flow, run: request.id, runName: request.name };
    this.logger = listeners.logger ?? stderrLogger;
    this.onReport = listeners.onReport;
    this.relay = listeners.relay;
  }

  take(report: Report): void {
    if (this.relay !== undefined) return this.relay(report);
    const { by, said, atMs } = report;
    this.tell(by, said, atMs);
  }

  private tell({ taskRun, ...by }: Speaker, said: Said, atMs: number): void {
    const fields: ReportFields = { ...this.names, ...by, atMs };
    this.guarded(() => this.onReport?.({ ...fields, ...said }));
    switch (said.kind) {
      case "log":
        return this.log(said, fields);
      case "output":
        return this.print(said, fields);
      case "progress":
        return this.noteProgress(taskRun, said, fields);
      case "dropped":
        return this.warnOf(`${said.count} records and pieces of output were left out: there were too many`, fields);
      default:
        return said satisfies never;
    }
  }

  /** Of the tasks that run. */
  running(): readonly TaskProgress[] {
    for (const [row, { attempt }] of this.kept) if (!this.isOpen(row, attempt)) this.kept.delete(row);
    return [...this.kept.values()].map(({ progress }) => progress);
  }

  private log({ level, message, data }: Said & { readonly kind: "log" }, fields: ReportFields): void {
    this.guarded(() => this.logger[level](message, data === undefined ? fields : { ...fields, data }));
  }

  private print(said: Output, fields: ReportFields): void {
    const { stream } = said;
    const target = process[stream];
    if (target.writableLength > OUTPUT_MAX) {
      this.leftOut++;
      return;
    }
    if (this.leftOut > 0) {
      this.warnOf(`${this.leftOut} pieces of output were left out: ${stream} does not keep up`, fields);
      this.leftOut = 0;
    }
    target.write(printed(said));
  }

  private noteProgress(
    row: number | undefined,
    { done, total }: Said & { readonly kind: "progress" },
    { slug, mapIndex, thread, attempt }: ReportFields,
  ): void {
    if (row === undefined || attempt === undefined) return;
    if (this.kept.size >= this.keptMax) this.keptMax = Math.max(PROGRESS_MAX, 2 * this.running().length);
    this.kept.set(row, { attempt, progress: { slug, mapIndex, thread, done, total } });
  }

  private warnOf(message: string, fields: ReportFields): void {
    this.guarded(() => this.logger.warn(message, fields));
  }

  /** P1. */
  private guarded(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      if (this.hasWarned) return;
      this.hasWarned = true;
      const why = error instanceof Error ? error.message : String(error);
      process.emitWarning(`the logger or onReport of the run ${this.names.runName} threw: ${why}`, {
        code: "MILLRACE_LOGGER_THREW",
      });
    }
  }
}
