// Owns: what goes wrong in a simulated cluster, and how often.

/** Probabilities are of each step of the world, of each value that is sent to a peer, or of each send to a worker. */
export type ClusterFaults = {
  /** A worker dies, and comes back under its name. */
  readonly crash: number;
  /** A worker has no memory left for some time: it takes nothing new, and still gives what it holds. */
  readonly full: number;
  /** A worker says that it leaves, ends what has begun, goes and comes back. */
  readonly leave: number;
  /** A link ends; the session goes on over the next one. */
  readonly cut: number;
  /** A worker cannot be reached for longer than its session waits: it comes back, and nobody knows it. */
  readonly partition: number;
  /** What a worker is sent is too much for its session, which is lost at once. */
  readonly overflow: number;
  /** A worker's frames, both ways, wait. */
  readonly stall: number;
  /** A worker, a client or the scheduler stands still, and goes on. */
  readonly pause: number;
  /** Links are clogged one after the other, and opened in another order. */
  readonly swizzle: number;
  /** Frames of this or an older link of the same two come once more. */
  readonly replay: number;
  /** A client's process is cut off, and returns in time. */
  readonly clientCut: number;
  /** A value is cut short, or other bytes than were meant, on its way to a peer. */
  readonly truncate: number;
  readonly corrupt: number;
  /** A peer does not answer at all. */
  readonly silence: number;
  /** A peer sends a few bytes every few seconds, for a while. */
  readonly slow: number;
  /** A link to a peer ends while a value is on its way, also without whoever asked noticing. */
  readonly peerCut: number;
  /** An outcome or a hint is told once more, however old it is; that goes on when the network has healed. */
  readonly repeat: number;
  /** The network heals when so many faults have happened. */
  readonly most: number;
};

export type FaultKind = Exclude<keyof ClusterFaults, "most">;

export const NO_FAULTS: ClusterFaults = {
  crash: 0,
  full: 0,
  leave: 0,
  cut: 0,
  partition: 0,
  overflow: 0,
  stall: 0,
  pause: 0,
  swizzle: 0,
  replay: 0,
  clientCut: 0,
  truncate: 0,
  corrupt: 0,
  silence: 0,
  slow: 0,
  peerCut: 0,
  repeat: 0,
  most: 0,
};
export const FAULTS: ClusterFaults = {
  crash: 0.03,
  full: 0.03,
  leave: 0.015,
  cut: 0.05,
  partition: 0.015,
  overflow: 0.006,
  stall: 0.03,
  pause: 0.02,
  swizzle: 0.01,
  replay: 0.08,
  clientCut: 0.03,
  truncate: 0.05,
  corrupt: 0.05,
  silence: 0.02,
  slow: 0.02,
  peerCut: 0.05,
  repeat: 0.02,
  most: 20,
};
