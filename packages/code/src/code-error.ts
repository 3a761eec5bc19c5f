// Owns: the error for code that cannot be loaded, for a file that has no flow to run, and for a task that cannot be found.
// Does not own: finding the place (`source-place`), drawing it (`code-frame`).

import { MillraceError } from "@millrace/core";
import { codeFrame } from "./code-frame.js";
import type { SourcePlace } from "./source-place.js";

export type CodeErrorCode =
  | "FILE_NOT_FOUND"
  | "NOT_A_FLOW_FILE"
  | "FLOW_FILE_SYNTAX"
  | "FLOW_FILE_THREW"
  | "IMPORT_NOT_FOUND"
  | "TASK_UNREACHABLE"
  | "TASK_NOT_FOUND"
  | "TASK_AMBIGUOUS"
  | "MODULE_LOADS_TOO_LONG"
  | "TYPESCRIPT_NOT_LOADED"
  | "CODE_NEEDS_ITS_FILES"
  | "NO_FLOW_EXPORTED"
  | "SEVERAL_FLOWS"
  | "FLOW_NOT_FOUND";

/** The message has the place and its source line in it, where they are known. */
export class CodeError extends MillraceError {
  readonly place: SourcePlace | undefined;

  constructor(
    code: CodeErrorCode,
    message: string,
    options: { place?: SourcePlace | undefined; cause?: unknown } = {},
  ) {
    const { place, cause } = options;
    const frame = place === undefined ? "" : codeFrame(place);
    super(code, frame === "" ? message : `${message}\n${frame}`, { cause });
    this.place = place;
  }
}
