// Owns: how long sessions wait, in milliseconds.

export type SessionOptions = {
  /** The dialling side says that it is there as often. */
  readonly heartbeatMs: number;
  /** Nothing was heard for so long: the link is taken for dead (N2, N4). The scheduler's own stall counts as nothing (S7). */
  readonly leaseMs: number;
  /** After a link has ended a session waits so long for the next one. */
  readonly resumeMs: number;
  /** Whoever connects says hello within that. */
  readonly helloMs: number;
  /** Of the dialling side: nothing was answered for so long. */
  readonly answerMs: number;
  /** Between tries, at least and at most. */
  readonly retryMs: number;
  readonly retryMaxMs: number;
};

export const SESSION_OPTIONS: SessionOptions = {
  heartbeatMs: 2_000,
  leaseMs: 15_000,
  resumeMs: 30_000,
  helloMs: 5_000,
  answerMs: 10_000,
  retryMs: 50,
  retryMaxMs: 5_000,
};

/**
 * Of a worker's session, unless something else is said: what a dead one has begun is to run elsewhere soon, and one that lives dials
 * again within a tenth of it.
 */
export const WORKER_RESUME_MS = 500;

/** A wake-up that comes so much later than it was asked for means that this process stood still (S7). */
export const STALL_MS = 1_000;
/** Where it waits for little more than that, a smaller share of it does. */
export const stallMsOf = ({ resumeMs }: Pick<SessionOptions, "resumeMs">): number => Math.min(STALL_MS, resumeMs / 4);

/** Links one after the other that end with a bad frame, and bring nothing: what is wrong will not go away by itself. */
export const BAD_LINKS_MAX = 3;
