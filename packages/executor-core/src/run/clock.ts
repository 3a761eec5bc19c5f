// Owns: the only way to time. The real one is `real-clock`; tests and simulations have their own.

export interface Clock {
  /** Milliseconds since the epoch, with fractions. */
  now(): number;
  /**
   * Calls `wake` once, at that time or as soon as what is due has had its turn; never inside this call. Returns what
   * takes it back. `idle`: a process that waits for nothing else may end before.
   */
  wakeAt(atMs: number, wake: () => void, idle?: boolean): () => void;
}
