// Owns: by what a task is found again where it was not made (D7).

/** Data alone: it travels. */
export type TaskKey = {
  /** SHA-256 of the code, in hexadecimal. */
  readonly code: string;
  /** The module in whose body it was made, from the folder of its project on. */
  readonly source: string;
  readonly name: string;
};
