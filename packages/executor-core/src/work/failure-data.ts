// Owns: the shape of a failure that travels. Does not own: making one of what was thrown (`values/error-data`).

/** Why a task run failed: always a name and a message, whatever was thrown (U1). */
export type FailureData = {
  readonly name: string;
  readonly message: string;
  /** Of the error's class, where it differs from `name`. */
  readonly className?: string;
  readonly code?: string;
  /** As it was where the task ran. */
  readonly stack?: string;
  /** What the error says it was caused by, down to five. */
  readonly cause?: FailureData;
  /** What an AggregateError holds. */
  readonly errors?: readonly FailureData[];
  /** In the user's process: the error itself; a thrown value that is no error is wrapped. */
  readonly error?: Error;
  /** Beyond it: the error's own enumerable properties, encoded. */
  readonly fields?: Uint8Array<ArrayBuffer>;
};
