// Owns: the error for a command line that cannot be followed.

import { MillraceError } from "@millrace/core";

export class UsageError extends MillraceError {
  constructor(message: string) {
    super("USAGE", message);
  }
}
