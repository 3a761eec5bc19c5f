// Owns: `--json`: one document on stdout and nothing else.

import { claimStdout } from "./claim-stdout.js";
import { errorText } from "./error-text.js";
import { type ErrorDocument, errorDocument, runText } from "./run-document.js";
import type { RunOutput } from "./run-output.js";
import type { RunReport } from "./run-report.js";

export class JsonOutput implements RunOutput {
  private readonly write = claimStdout();

  invalid(error: unknown): void {
    process.stderr.write(`${errorText(error)}\n`);
    const errors: readonly ErrorDocument[] = [errorDocument(error)];
    this.write(`${JSON.stringify({ flow: null, state: null, tasks: [], errors }, null, 2)}\n`);
  }

  started(): void {}

  ended(): void {}

  finished(report: RunReport): void {
    this.write(`${runText(report)}\n`);
  }
}
