// Owns: the shape of a failure that travels. Does not own: making one of what was thrown (`values/error-data`).

/** Why a task run failed: always a name and a message, whatever was thrown (U1). */
export type FailureData = {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly stack?: string;
  /** What the error says it was caused by, down to five. */
  readonly cause?: FailureData;
  /** In the user's process: the error itself; a thrown value that is no error is wrapped. */
  readonly error?: Error;
};
