// Owns: how bad a day is.

/** Probabilities are of each chance that there is. */
export type Hostility = {
  /** A work that could begin is given back. */
  readonly giveBack: number;
  /** An attempt that has ended has died for its host; at most twice a task run. */
  readonly die: number;
  /** A value is lost: when it was made, and after any step. */
  readonly lose: number;
  /** Values that one run loses at most: else it might never end. */
  readonly lossesMax: number;
  /** Steps after which the runner itself is gone, or undefined. */
  readonly diesAfter: number | undefined;
};

export const HOSTILE: Hostility = { giveBack: 0.1, die: 0.05, lose: 0.05, lossesMax: 40, diesAfter: undefined };

/** Nothing is lost, given back or dead: order, doubling, lateness and demand alone. Every body runs as often as it would. */
export const RUDE: Hostility = { giveBack: 0, die: 0, lose: 0, lossesMax: 0, diesAfter: undefined };
