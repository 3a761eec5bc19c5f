// Owns: `--json`: one document on stdout and nothing else.

import type { FinishedRun } from "@millrace/core";
import { claimStdout } from "./claim-stdout.js";
import { errorText } from "./error-text.js";
import { type ErrorDocument, errorDocument, runDocument } from "./run-document.js";
import type { RunOutput } from "./run-output.js";
import { taskFailures } from "./task-failures.js";

export class JsonOutput implements RunOutput {
  private readonly write = claimStdout();

  invalid(error: unknown): void {
    process.stderr.write(`${errorText(error)}\n`);
    const errors: readonly ErrorDocument[] = [errorDocument(error)];
    this.print({ flow: null, state: null, tasks: [], errors });
  }

  started(): void {}

  ended(): void {}

  async finished(flow: string, run: FinishedRun<unknown>): Promise<void> {
    this.print(runDocument(flow, run, await taskFailures(run)));
  }

  private print(document: object): void {
    this.write(`${JSON.stringify(document, null, 2)}\n`);
  }
}
