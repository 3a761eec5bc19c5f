// Owns: the three ways in which a run is told: for people, errors only, one JSON document.
// Does not own: the table (`task-table`), the document (`run-document`), the progress line.

import type { Executor, FlowRun } from "@millrace/core";
import { errorText } from "./error-text.js";
import { failureLines } from "./failure-lines.js";
import { JsonOutput } from "./json-output.js";
import { ProgressLine } from "./progress-line.js";
import type { RunReport } from "./run-report.js";
import { taskTable } from "./task-table.js";
import { valueText } from "./value-text.js";

export interface RunOutput {
  /** Nothing ran. */
  invalid(error: unknown): void;
  started(flow: string, run: FlowRun<unknown>, executor: Executor | undefined): void;
  /** No task runs any more. */
  ended(): void;
  finished(report: RunReport): void;
}

export function runOutput(options: { readonly json?: true; readonly quiet?: true }): RunOutput {
  if (options.json === true) return new JsonOutput();
  return options.quiet === true ? new QuietOutput() : new PlainOutput();
}

class QuietOutput implements RunOutput {
  invalid(error: unknown): void {
    process.stderr.write(`${errorText(error)}\n`);
  }

  started(_flow: string, _run: FlowRun<unknown>, _executor: Executor | undefined): void {}

  ended(): void {}

  finished(report: RunReport): void {
    if (!report.hasValue) process.stderr.write(`${failureLines(report).join("\n")}\n`);
  }
}

class PlainOutput extends QuietOutput {
  private startedAtMs = 0;
  private progress: ProgressLine | undefined;

  override started(flow: string, run: FlowRun<unknown>, executor: Executor | undefined): void {
    this.startedAtMs = performance.now();
    if (process.stderr.isTTY) this.progress = new ProgressLine(flow, run, executor);
  }

  override ended(): void {
    this.progress?.stop();
  }

  override finished(report: RunReport): void {
    const tookMs = performance.now() - this.startedAtMs;
    const value = "value" in report.outcome ? valueText(report.outcome.value) : [];
    process.stdout.write(`${[...taskTable(report, tookMs), ...value].join("\n")}\n`);
    super.finished(report);
  }
}
