// Owns: the error of bytes that are no message of ours. Does not own: what becomes of the connection then (`session`).
// P1. It says what is wrong and where, never what stood there: a payload does not get into a log by way of an error.

import { MillraceError } from "@millrace/core/pure";

export type ProtocolErrorCode =
  /** Something else than a frame. */
  | "FRAME_MAGIC"
  /** A frame of another version of the format. */
  | "FRAME_VERSION"
  /** No kind that this side takes here. */
  | "FRAME_KIND"
  | "FRAME_TOO_LARGE"
  | "FRAME_TRUNCATED"
  | "FRAME_CHECKSUM"
  /** A body that is not what its kind says. */
  | "FRAME_INVALID"
  /** Frames before it did not come, or it says that more was seen than was sent. */
  | "FRAME_ORDER";

export class ProtocolError extends MillraceError {
  declare readonly code: ProtocolErrorCode;

  constructor(code: ProtocolErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}
