// Owns: why a run cannot be sent to a cluster, or cannot go on there.

import { MillraceError } from "@millrace/core/pure";

export type ClientErrorCode =
  /** A value that stands in an argument is too large to ride in a frame. */
  | "ARGUMENT_TOO_LARGE"
  /** A node has more edges than a frame has room for. */
  | "NODE_TOO_LARGE"
  /** The session with the scheduler is over: what the run came to is not known. */
  | "SCHEDULER_LOST";

export class ClientError extends MillraceError {
  constructor(code: ClientErrorCode, message: string) {
    super(code, message);
  }
}
